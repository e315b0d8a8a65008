import { afterEach, describe, expect, test } from "@jest/globals";
import { livekit } from "../../turn/livekit.ts";
import type { StackOutputs } from "../../turn/outputs.ts";
import { ICE_CONFIG_PATH } from "../../verify/api.ts";
import type { Leg } from "../../verify/leg.ts";
import { stackTarget } from "../../verify/target.ts";
import type { Fetch } from "../../verify/trust.ts";
import { verify } from "../../verify/verify.ts";
import { signedInUser } from "./signedInUser.ts";
import { type FakeTurn, fakeTurn } from "./fakeTurn.ts";
import { stack, turnKey } from "./stack.ts";

const servers: FakeTurn[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const refused = () =>
  Promise.reject(new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } }));
const json = (status: number, body: object) => Promise.resolve(Response.json(body, { status }));

interface World {
  readonly api?: "stopped" | "open to all" | "another secret";
  readonly urls?: readonly string[];
}

/** A `fetch` that knows an API and no LiveKit. */
const fetchIn =
  (target: StackOutputs, { api, urls = target.iceUrls }: World = {}): Fetch =>
  async (url, init) => {
    if (api === "stopped" || !url.startsWith(target.apiUrl)) return refused();
    const user = await signedInUser(target.verifierKey, init);
    const accepted = api === "open to all" || (user === "turnkey-verify" && api === undefined);
    if (!accepted) return json(401, {});
    if (!url.endsWith(ICE_CONFIG_PATH)) return json(404, {});
    const expiry = Math.floor(Date.now() / 1000) + 60;
    const credential = livekit.mint(turnKey, "verify", expiry);
    const iceServers = urls.map((it) =>
      it.startsWith("stun:") ? { urls: [it] } : { urls: [it], ...credential },
    );
    return json(200, { iceServers, ttl: 60, expiresAt: new Date(expiry * 1000).toISOString() });
  };

/** Sources of ICE servers of which the stack's own are the second, or a fallback. */
const beside = (fallback: boolean) => [
  { kind: "twilio", fallback: false },
  { kind: "livekit", fallback },
];

/** Outputs that advertise a sound server. */
async function withServer(): Promise<StackOutputs> {
  const server = await fakeTurn({ turnKey });
  servers.push(server);
  const authority = `127.0.0.1:${server.port}`;
  return stack({ iceUrls: [`stun:${authority}`, `turn:${authority}?transport=udp`] });
}

const named = (legs: readonly Leg[], name: string) => legs.find((leg) => leg.name === name);

describe("verify", () => {
  test("reports every leg in one order, and tells of each as it ends", async () => {
    const target = await withServer();
    const heard: Leg[] = [];
    const report = await verify(stackTarget(target), {
      fetch: fetchIn(target),
      onLeg: (leg) => void heard.push(leg),
    });
    expect(report.legs.map(({ name, ok }) => [name, ok])).toEqual([
      ["LiveKit answers", false],
      ["no token is refused", true],
      ["ICE configuration", true],
      ["STUN binding", true],
      ["allocate over UDP", true],
      ["UDP relay to direct", true],
      ["UDP relay to UDP relay", true],
      ["cloud metadata is refused", true],
      ["wrong password is refused", true],
      ["expired credential is refused", true],
      ["changed user name is refused", true],
      ["another user's name is refused", true],
      ["prolonged expiry is refused", true],
      ["another key's name is refused", true],
      ["truncated password is refused", true],
      ["room over the relay", false],
      ["one allocation above the quota is refused", true],
      ["TCP relays are refused", true],
    ]);
    expect(report.ok).toBe(false);
    expect(new Set(heard)).toEqual(new Set(report.legs));
  });

  test("names a stopped LiveKit as the cause of every leg that needs it", async () => {
    const target = stack({ iceUrls: ["stun:127.0.0.1:1", "turn:127.0.0.1:1?transport=udp"] });
    const { legs } = await verify(stackTarget(target), { fetch: fetchIn(target) });
    const failed = legs.filter(({ ok }) => !ok);
    expect(failed.map(({ name }) => name)).toContain("allocate over UDP");
    for (const { cause } of failed)
      expect(cause).toMatch(/^(LiveKit is not running|not tried, as the allocation failed)/);
    expect(named(legs, "ICE configuration")?.ok).toBe(true);
  });

  test("names a stopped API, and lists the URLs that nobody could try", async () => {
    const target = await withServer();
    const { legs } = await verify(stackTarget(target), {
      fetch: fetchIn(target, { api: "stopped" }),
    });
    expect(named(legs, "ICE configuration")?.cause).toMatch(/API does not answer \(ECONNREFUSED\)/);
    expect(legs.filter(({ name }) => name === "STUN and TURN").map(({ url }) => url)).toEqual(
      target.iceUrls,
    );
  });

  test("names an API that runs with another secret", async () => {
    const target = await withServer();
    const { legs } = await verify(stackTarget(target), {
      fetch: fetchIn(target, { api: "another secret" }),
    });
    expect(named(legs, "ICE configuration")?.cause).toMatch(/refuses a token signed/);
    expect(named(legs, "no token is refused")?.ok).toBe(true);
  });

  test("fails when the API hands out credentials without a token", async () => {
    const target = await withServer();
    const { legs } = await verify(stackTarget(target), {
      fetch: fetchIn(target, { api: "open to all" }),
    });
    expect(named(legs, "no token is refused")).toMatchObject({
      ok: false,
      cause: expect.stringMatching(/asks for no token/),
    });
  });

  test("fails when the API hands out other URLs than the stack advertises", async () => {
    const target = await withServer();
    const urls = target.iceUrls.slice(0, 1);
    const { legs } = await verify(stackTarget(target), { fetch: fetchIn(target, { urls }) });
    expect(named(legs, "ICE configuration")?.cause).toMatch(/^the API hands out stun:/);
  });

  describe("of a stack with more sources of ICE servers than its own", () => {
    const others = "turn:turn.example.org:3478?transport=udp";
    test("proves its own, and says of the others that they are their provider's", async () => {
      const target = { ...(await withServer()), iceSources: beside(false) };
      const urls = [others, ...target.iceUrls];
      const { legs } = await verify(stackTarget(target), { fetch: fetchIn(target, { urls }) });
      expect(named(legs, "ICE configuration")?.ok).toBe(true);
      expect(named(legs, "UDP relay to UDP relay")?.ok).toBe(true);
      expect(legs.filter(({ url }) => url === others)).toMatchObject([
        { name: "STUN and TURN", na: expect.stringMatching(/its provider's to prove/) },
      ]);
    });

    test.each([
      { own: "a fallback", fallback: true, handedOut: "none", some: 0, ok: true },
      { own: "a fallback", fallback: true, handedOut: "but one", some: 1, ok: false },
      { own: "a first choice", fallback: false, handedOut: "none", some: 0, ok: false },
    ])("where its own are $own and $handedOut is handed out, that is well: $ok", async (it) => {
      const target = { ...(await withServer()), iceSources: beside(it.fallback) };
      const urls = [others, ...target.iceUrls.slice(0, it.some)];
      const { legs } = await verify(stackTarget(target), { fetch: fetchIn(target, { urls }) });
      expect(named(legs, "ICE configuration")?.ok).toBe(it.ok);
    });
  });

  test("rejects with the reason it was stopped for, and gives back what it holds", async () => {
    const target = await withServer();
    const stop = new AbortController();
    const run = verify(stackTarget(target), {
      fetch: fetchIn(target),
      signal: stop.signal,
      onLeg: ({ name }) => {
        if (name === "allocate over UDP") stop.abort(new Error("stopped by the user"));
      },
    });
    await expect(run).rejects.toThrow("stopped by the user");
    expect(servers[0]?.allocations.now).toBe(0);
  });
});
