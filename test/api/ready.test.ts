import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificateCheck } from "../../api/readiness/certificate.ts";
import { NodeDocumentStatus } from "../../api/readiness/nodeDocument.ts";
import { checkClock } from "../../api/readiness/clock.ts";
import { askLivekit } from "../../api/readiness/livekit.ts";
import { nodeDocumentOf, readinessOf } from "../../api/readiness/readiness.ts";
import { shared } from "../../api/readiness/shared.ts";
import { NOW, signedIn, testApi } from "../support/api.ts";
import { livekitHttp } from "../support/livekitHttp.ts";
import { issue, type Issued } from "../support/pki.ts";

const DAY_MS = 86_400_000;
const at = (days: number) => new Date(NOW.getTime() + days * DAY_MS);
const now = () => NOW;
const lasting = (from: number, to: number, issuer?: Issued) =>
  issue({
    subject: "a",
    ip: ["127.0.0.1"],
    notBefore: at(from),
    notAfter: at(to),
    ...(issuer ? { issuer } : {}),
  });

let folder: string;
let certificateFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "turnkey-ready-"));
  certificateFile = join(folder, "chain.pem");
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("LiveKit", () => {
  test("answers, and tells its clock", async () => {
    await using livekit = await livekitHttp(() => ({ date: NOW }));
    expect(await askLivekit(livekit.url)).toEqual({
      ok: true,
      detail: "LiveKit answers",
      date: NOW,
    });
  });

  test("that says it is not ready is not", async () => {
    await using livekit = await livekitHttp(() => ({ status: 406, date: null }));
    expect(await askLivekit(livekit.url)).toEqual({
      ok: false,
      detail: "LiveKit answers 406",
      date: undefined,
    });
  });

  test("that redirects is not followed", async () => {
    await using livekit = await livekitHttp(() => ({ status: 302 }));
    expect(await askLivekit(livekit.url)).toMatchObject({ ok: false });
    expect(livekit.asked()).toBe(1);
  });

  test("that hangs is waited for no longer than the time-out", async () => {
    await using livekit = await livekitHttp(() => ({ hangs: true }));
    expect(await askLivekit(livekit.url, 50)).toMatchObject({
      ok: false,
      detail: "LiveKit does not answer in time",
    });
  });

  test("that is not there is told without its address", async () => {
    const answer = await askLivekit("http://127.0.0.1:1");
    expect(answer).toEqual({ ok: false, detail: "LiveKit cannot be reached", date: undefined });
  });
});

test.each<[number | undefined, boolean, string]>([
  [0, true, "the clock agrees with LiveKit's"],
  [60_000, true, "the clock agrees with LiveKit's"],
  [-60_000, true, "the clock agrees with LiveKit's"],
  [61_000, false, "the clock is 61 s behind LiveKit's"],
  [-61_000, false, "the clock is 61 s ahead of LiveKit's"],
  [undefined, false, "LiveKit's clock is not known"],
])("LiveKit's clock ahead by %p ms: %p", (ahead, ok, detail) => {
  const livekits = ahead === undefined ? undefined : new Date(NOW.getTime() + ahead);
  expect(checkClock(NOW, livekits)).toEqual({ ok, detail });
});

const checkNow = () => certificateCheck(certificateFile, now)();

describe("the certificate", () => {
  test.each<[number, number, boolean, string]>([
    [-1, 30.5, true, "the certificate is valid for 30 days more"],
    [-10, -3.5, false, "the certificate expired 3 days ago"],
    [1, 30, false, "the certificate is not valid before 2030-01-02T00:00:00.000Z"],
  ])("from day %p to day %p: %p", async (from, to, ok, detail) => {
    writeFileSync(certificateFile, (await lasting(from, to)).pem);
    expect(await checkNow()).toEqual({ ok, detail });
  });

  test("is no longer valid than any of its chain", async () => {
    const ca = await issue({ subject: "ca", notBefore: at(-9), notAfter: at(-1) });
    const leaf = await lasting(-9, 30, ca);
    writeFileSync(certificateFile, `${leaf.pem}\n${ca.pem}`);
    expect(await checkNow()).toEqual({ ok: false, detail: "the certificate expired 1 days ago" });
  });

  test.each([
    ["is not there", undefined],
    ["holds no certificate", "-----BEGIN PRIVATE KEY-----"],
    ["holds half of one", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],
  ])("a file that %s is told without its name", async (_, text) => {
    if (text !== undefined) writeFileSync(certificateFile, text);
    expect(await checkNow()).toEqual({ ok: false, detail: "the certificate cannot be read" });
  });

  test("is told to be missing while its file is empty", async () => {
    writeFileSync(certificateFile, "");
    expect(await checkNow()).toEqual({ ok: false, detail: "there is no certificate yet" });
  });

  test("is read again when the file is another", async () => {
    writeFileSync(certificateFile, (await lasting(-10, -1)).pem);
    const again = certificateCheck(certificateFile, now);
    expect(await again()).toMatchObject({ ok: false });
    writeFileSync(`${certificateFile}.new`, (await lasting(-1, 9)).pem);
    renameSync(`${certificateFile}.new`, certificateFile);
    expect(await again()).toMatchObject({ ok: true });
  });

  test("runs out while the file stays as it is", async () => {
    writeFileSync(certificateFile, (await lasting(-1, 1)).pem);
    let moment = NOW;
    const again = certificateCheck(certificateFile, () => moment);
    expect(await again()).toMatchObject({ ok: true });
    moment = at(2);
    expect(await again()).toMatchObject({ ok: false });
  });
});

describe("an answer that is shared", () => {
  test("is asked for once while it is under way or young, and then anew", async () => {
    let clockMs = 0;
    let asked = 0;
    const answers: ((value: number) => void)[] = [];
    const ask = shared(
      1_000,
      () => clockMs,
      () => {
        asked += 1;
        return new Promise<number>((resolve) => answers.push(resolve));
      },
    );
    const both = [ask(), ask()];
    clockMs = 5_000;
    both.push(ask());
    answers[0]?.(7);
    expect(await Promise.all(both)).toEqual([7, 7, 7]);
    clockMs = 5_999;
    expect(await ask()).toBe(7);
    expect(asked).toBe(1);
    clockMs = 6_000;
    const next = ask();
    answers[1]?.(8);
    expect(await next).toBe(8);
  });
});

const readyz = async (livekitHttpUrl: string, url = "/readyz", stopping?: AbortSignal) => {
  const readiness = readinessOf({ livekitHttpUrl, certificateFile, now });
  const { app, logLines } = testApi({ readiness }, stopping ? { stopping } : {});
  return { answer: await app.inject(url), logLines };
};

const statusFile = () => join(folder, "node-status.json");

const onNode = async () => {
  await using livekit = await livekitHttp(() => ({ date: NOW }));
  const readiness = readinessOf({ livekitHttpUrl: livekit.url, now });
  const { app } = testApi({ readiness, nodeDocument: nodeDocumentOf(statusFile()) });
  return await app.inject("/readyz");
};

describe("GET /readyz", () => {
  const document = { state: "applied", wanted: "v2", applied: "v2", since: NOW.toISOString() };
  test("says which document a node runs, and no more of what the agent tells", async () => {
    writeFileSync(statusFile(), JSON.stringify({ ...document, problem: "a path" }));
    expect((await onNode()).json().document).toEqual(document);
  });

  test.each(["refused", "applying"])("is ready as well while a document is %s", async (state) => {
    writeFileSync(statusFile(), JSON.stringify({ ...document, state }));
    const answer = await onNode();
    expect(answer.statusCode).toBe(200);
    expect(answer.json().document.state).toBe(state);
  });

  test.each(["", "{", '{"state":"unheard of"}'])(
    "says nothing of it while the file is %j",
    async (text) => {
      writeFileSync(statusFile(), text);
      const answer = await onNode();
      expect(answer.statusCode).toBe(200);
      expect(answer.json()).not.toHaveProperty("document");
    },
  );

  test("says what was checked, is for no cache, and leaves no log line", async () => {
    await using livekit = await livekitHttp(() => ({ date: NOW }));
    writeFileSync(certificateFile, (await lasting(-1, 30)).pem);
    const { answer, logLines } = await readyz(livekit.url);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(answer.json()).toEqual({
      status: "ready",
      checks: {
        livekit: { ok: true, detail: "LiveKit answers" },
        clock: { ok: true, detail: "the clock agrees with LiveKit's" },
        certificate: { ok: true, detail: "the certificate is valid for 30 days more" },
      },
    });
    expect(logLines).toEqual([]);
  });

  test.each(["livekit", "clock", "certificate"])("is 503 when only %s is wrong", async (check) => {
    const status = check === "livekit" ? 500 : 200;
    const date = check === "clock" ? at(1) : NOW;
    await using livekit = await livekitHttp(() => ({ status, date }));
    const life = check === "certificate" ? lasting(-9, -1) : lasting(-1, 9);
    writeFileSync(certificateFile, (await life).pem);
    const { answer } = await readyz(livekit.url);
    expect(answer.statusCode).toBe(503);
    const { status: told, checks } = answer.json<{ status: string; checks: object }>();
    expect(told).toBe("not ready");
    const wrong = Object.entries(checks).filter(([, { ok }]: [string, { ok: boolean }]) => !ok);
    expect(wrong.map(([name]) => name)).toEqual([check]);
    expect(answer.body).not.toContain(folder);
    expect(answer.body).not.toContain("127.0.0.1");
  });

  test("?without=address leaves out the certificate", async () => {
    await using livekit = await livekitHttp(() => ({ date: NOW }));
    const { answer } = await readyz(livekit.url, "/readyz?without=address");
    expect(answer.statusCode).toBe(200);
    expect(Object.keys(answer.json<{ checks: object }>().checks)).toEqual(["livekit", "clock"]);
  });

  test("?without= anything else is refused", async () => {
    const { answer } = await readyz("http://127.0.0.1:1", "/readyz?without=clock");
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toHaveProperty(
      "message",
      'without: is "clock"; wanted is "address", which leaves out the certificate',
    );
  });

  test("a flood asks LiveKit once", async () => {
    await using livekit = await livekitHttp(() => ({ date: NOW }));
    const readiness = readinessOf({ livekitHttpUrl: livekit.url, now, clockMs: () => 0 });
    const { app } = testApi({ readiness });
    const answers = await Promise.all(Array.from({ length: 50 }, () => app.inject("/readyz")));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    expect(livekit.asked()).toBe(1);
  });

  test("is 503 while the server stops, whatever the checks say", async () => {
    await using livekit = await livekitHttp(() => ({ date: NOW }));
    const { answer } = await readyz(livekit.url, "/readyz?without=address", AbortSignal.abort());
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toHaveProperty("status", "stopping");
  });
});

/** What a user gets while the node is in that state. */
const asIn = async (state: string) => {
  const told = { state, wanted: "v2", applied: "v1", since: NOW.toISOString() };
  const nodeDocument = () => Promise.resolve(NodeDocumentStatus.parse(told));
  const headers = await signedIn("ann");
  return testApi({ nodeDocument }).app.inject({ url: "/api/livekit/ice-config", headers });
};

test("users get nothing while a node lets calls end", async () => {
  const draining = await asIn("draining");
  expect(draining.statusCode).toBe(503);
  expect(draining.headers["retry-after"]).toBe("10");
  expect((await asIn("applying")).statusCode).toBe(200);
});
