import { describe, expect, test } from "@jest/globals";
import { CENSORED, redacting } from "../../api/logging/redacting.ts";
import { requestIdOf } from "../../api/logging/requestIds.ts";
import { secretTexts } from "../../api/logging/secretTexts.ts";
import { signedIn, testApi } from "../support/api.ts";

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const parsed = (lines: readonly string[]) => lines.map((it): unknown => JSON.parse(it));

describe("a request's id", () => {
  test("is new each time, in the answer and in every log line", async () => {
    const { app, logLines } = testApi();
    const headers = await signedIn("ann");
    const ids = new Set<unknown>();
    for (const url of ["/api/livekit/ice-config", "/api/livekit/ice-config", "/nowhere"]) {
      logLines.length = 0;
      // oxlint-disable-next-line no-await-in-loop -- in order
      const answer = await app.inject({ url, headers });
      const id = answer.headers["x-request-id"];
      expect(id).toMatch(UUID);
      ids.add(id);
      expect(logLines.length).toBeGreaterThan(0);
      for (const line of parsed(logLines)) expect(line).toHaveProperty("reqId", id);
    }
    expect(ids.size).toBe(3);
  });

  const given = "0123456789abcdef-given";
  test.each<[string, boolean, string | string[] | undefined, boolean]>([
    ["from an edge", true, given, true],
    ["from a stranger", false, given, false],
    ["too short", true, "short", false],
    ["too long", true, "x".repeat(65), false],
    ["with a line break", true, `${given}\n{"level":60}`, false],
    ["with a quote", true, `${given}"`, false],
    ["twice", true, [given, given], false],
    ["not at all", true, undefined, false],
  ])("given %s", (_, behindEdge, header, taken) => {
    const id = requestIdOf(behindEdge)({ headers: { "x-request-id": header } });
    if (taken) expect(id).toBe(given);
    else expect(id).toMatch(UUID);
  });
});

describe("a request's line", () => {
  test("says once what was asked and answered, without query and headers", async () => {
    const { app, logLines } = testApi();
    const headers = { ...(await signedIn("ann")), cookie: "canary-cookie" };
    await app.inject({ url: "/nowhere?canary-query=1", headers, remoteAddress: "192.0.2.1" });
    expect(parsed(logLines)).toEqual([
      expect.objectContaining({
        msg: "request completed",
        req: { method: "GET", path: "/nowhere", remoteAddress: "192.0.2.1" },
        res: { statusCode: 404 },
        responseTime: expect.any(Number),
      }),
    ]);
    expect(logLines.join("")).not.toContain("canary");
  });
});

describe("a secret that is known by its text", () => {
  const secret = 'canary "secret" \\ of / this+server';
  const written = (line: string, secrets = [secret]) => {
    const lines: string[] = [];
    redacting(secrets, { write: (it) => lines.push(it) }).write(line);
    return lines.join("");
  };

  test.each<[string, string]>([
    ["as it is", secret],
    ["in JSON", JSON.stringify(secret).slice(1, -1)],
    ["in a URL", encodeURIComponent(secret)],
    ["in base64", Buffer.from(secret).toString("base64")],
    ["in base64url", Buffer.from(secret).toString("base64url")],
  ])("is not written %s", (_, spelt) => {
    expect(written(`a ${spelt} b ${spelt}`)).toBe(`a ${CENSORED} b ${CENSORED}`);
  });

  test("is not written in part, when another secret is how it begins", () => {
    expect(written("canary-and-more", ["canary", "canary-and-more"])).toBe(CENSORED);
  });

  test("leaves words alone that are too short to be one", () => {
    expect(written("an answer", ["an", ""])).toBe("an answer");
  });

  test("is in no line, whoever logs it and however deep, nor in an answer", async () => {
    const canary = "canary-secret-of-a-source";
    const lines: string[] = [];
    const failing = () =>
      Promise.reject(new Error(`GET /?key=${canary} failed`, { cause: canary }));
    const logTo = { write: (line: string) => void lines.push(line) };
    const { app } = testApi({ signIn: failing }, { logTo, secrets: [canary] });
    const answer = await app.inject("/api/livekit/ice-config");
    app.log.info({ a: { b: { c: { d: [canary] } } } }, canary);
    expect(answer.statusCode).toBe(500);
    expect(lines).toHaveLength(3);
    expect(lines.join("") + answer.body).not.toContain(canary);
    expect(lines.join("")).toContain(`GET /?key=${CENSORED} failed`);
    expect(() => parsed(lines)).not.toThrow();
  });
});

describe("a secret that is known by its key", () => {
  test.each([
    "authorization",
    "cookie",
    "credential",
    "password",
    "participant_token",
    "secret",
    "token",
  ])("%s is not written", (key) => {
    const { app, logLines } = testApi();
    const canary = { [key]: "canary" };
    app.log.info({ ...canary, asked: { ...canary, headers: canary }, a: { b: { c: [canary] } } });
    expect(logLines.join("")).toContain(CENSORED);
    expect(logLines.join("")).not.toContain("canary");
  });
});

test("the secrets in settings are found by the names of their fields", () => {
  const settings = [
    { kind: "jwt", secret: "s1", algorithm: "HS256", userClaim: "sub" },
    { kind: "cookie", name: "session", secrets: ["s2", "s3"] },
    { kind: "static", servers: [{ urls: ["turn:a"], username: "u", credential: "s4" }] },
    { kind: "cloudflare", keyId: "k", apiToken: "s5", timeoutMs: 2_000 },
    { kind: "metered", secretKey: "s6", apiKey: "s7", password: { current: "s8" } },
  ];
  expect(secretTexts(settings)).toEqual(["s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"]);
  expect(secretTexts(undefined)).toEqual([]);
});
