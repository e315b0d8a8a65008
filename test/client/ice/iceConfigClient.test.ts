import { afterEach, describe, expect, test } from "@jest/globals";
import { IceConfigClient } from "../../../client/ice/index.ts";
import {
  clientWith,
  granted,
  nameIn,
  refused,
  type Reply,
  silent,
  unreachable,
} from "../../support/iceApi.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const opened: IceConfigClient[] = [];
const open: typeof clientWith = (...given) => {
  const made = clientWith(...given);
  opened.push(made.client);
  return made;
};
afterEach(() => {
  for (const client of opened.splice(0)) client.close();
});

/** No life is told in it. */
const voxReply = () =>
  Response.json({
    success: true,
    data: { iceServers: [{ urls: ["turn:a"], username: "u", credential: "c" }] },
  });

/** A client whose first request has gone out as "old" and is answered by `answer`; it is "new" since. */
const signedInAnew = (...later: readonly Reply[]) => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  let authorization = "old";
  const made = open([() => promise, ...later], { headers: () => ({ authorization }) });
  const first = made.client.get();
  authorization = "new";
  const users = () => made.requests.map(({ headers }) => headers);
  const answer = (reply: Reply) => resolve(reply(made.clock));
  return { ...made, first, users, answer };
};

describe("with an API that answers", () => {
  test("get gives fresh servers, then cached ones, with the time when they end by this machine's clock", async () => {
    const { client, clock, requests } = open([granted("one")]);
    expect(await client.get()).toEqual({
      iceServers: [
        { urls: ["stun:own.example:443"] },
        { urls: ["turn:own.example:443?transport=udp"], username: "one", credential: "secret" },
      ],
      source: "fresh",
      expiresAt: clock.now() + HOUR,
      clockSkewMs: 0,
    });
    expect(await client.get()).toMatchObject({ source: "cached", expiresAt: clock.now() + HOUR });
    expect(requests).toHaveLength(1);
  });

  test("callers at the same time share one request", async () => {
    const { client, requests } = open([granted("one")]);
    const all = await Promise.all([client.get(), client.get(), client.get()]);
    expect(all.map(({ source }) => source)).toEqual(["fresh", "fresh", "fresh"]);
    expect(requests).toHaveLength(1);
  });

  test("what a caller does to its answer changes nobody else's", async () => {
    const { client } = open([granted("one")]);
    const mine = await client.get();
    mine.iceServers[0]?.urls.push("stun:other.example");
    mine.iceServers.pop();
    expect((await client.get()).iceServers).toHaveLength(2);
    expect(client.current().iceServers[0]?.urls).toEqual(["stun:own.example:443"]);
  });

  test("it is asked again at half the credential's life, though nobody calls", async () => {
    const { client, clock, requests, events } = open([granted("one"), granted("two")]);
    await client.get();
    await clock.pass(30 * MINUTE - 1);
    expect(requests).toHaveLength(1);
    await clock.pass(1);
    expect(requests.map(({ at }) => at)).toEqual([0, 30 * MINUTE]);
    expect(nameIn(client.current())).toBe("two");
    expect(events.map(({ type }) => type)).toEqual(["fresh", "fresh"]);
  });

  test("it is asked earlier by chance, so that many clients spread", async () => {
    const { client, clock, requests } = open([granted("one")], { random: () => 1 });
    await client.get();
    await clock.pass(27 * MINUTE);
    expect(requests.map(({ at }) => at)).toEqual([0, 27 * MINUTE]);
  });

  test("an answer is kept for 12 hours, however long its credential lives", async () => {
    const { client, clock, requests } = open([granted("one", 86_400 * 7)]);
    await client.get();
    await clock.pass(12 * HOUR);
    expect(requests.map(({ at }) => at)).toEqual([0, 12 * HOUR]);
  });

  test("headers come from the application anew for each request, and the life that was asked for goes along", async () => {
    let token = 0;
    const { client, requests } = open([granted("one")], {
      url: "https://api.example/ice?app=a",
      ttlSeconds: 600,
      headers: async () => ({ authorization: `Bearer ${(token += 1)}` }),
    });
    await client.get();
    await client.refresh();
    expect(requests).toMatchObject([
      { url: "https://api.example/ice?app=a&ttl=600", headers: { authorization: "Bearer 1" } },
      { headers: { authorization: "Bearer 2" } },
    ]);
  });

  test("VOX's shape lives as long as was asked for", async () => {
    const { client, clock } = open([voxReply], { ttlSeconds: 600 });
    expect(await client.get()).toMatchObject({ source: "fresh", expiresAt: clock.now() + 600_000 });
    const other = open([voxReply]);
    expect((await other.client.get()).expiresAt).toBe(other.clock.now() + HOUR);
  });
});

describe("clocks", () => {
  test("after a sleep the first timer asks, by the wall clock", async () => {
    const { client, clock, requests } = open([granted("one"), granted("two")]);
    await client.get();
    clock.sleep(8 * HOUR);
    await clock.pass(30_000);
    expect(requests).toHaveLength(2);
    expect(nameIn(client.current())).toBe("two");
  });

  test("after a sleep get gives nothing that has ended, even before any timer", async () => {
    const { client, clock } = open([granted("one"), unreachable]);
    await client.get();
    clock.sleep(8 * HOUR);
    expect(client.current().source).toBe("public-stun");
    const answer = client.get();
    await clock.pass(5_000);
    expect(await answer).toMatchObject({ source: "public-stun", reason: "unreachable" });
  });

  test("a wall clock that is set back makes no credential live longer", async () => {
    const { client, clock, requests } = open([granted("one"), unreachable]);
    await client.get();
    clock.set(-24 * HOUR);
    await clock.pass(HOUR + MINUTE);
    expect(client.current().source).toBe("public-stun");
    expect(requests[1]?.at).toBe(30 * MINUTE - 24 * HOUR);
  });

  test("one that is wrong by years is told, and changes nothing", async () => {
    const { client, clock } = open([
      (it) => {
        const api = it.now() + 5 * 365 * 24 * HOUR;
        return Response.json(
          { iceServers: [], ttl: 3600, expiresAt: new Date(api + HOUR).toISOString() },
          { headers: { date: new Date(api).toUTCString() } },
        );
      },
    ]);
    expect(await client.get()).toMatchObject({
      source: "fresh",
      expiresAt: clock.now() + HOUR,
      clockSkewMs: 5 * 365 * 24 * HOUR,
    });
  });

  test("the time that a request took is taken off", async () => {
    const { client, clock } = open([
      async (it) => {
        it.sleep(4_000);
        return granted("one", 60)(it);
      },
    ]);
    const start = clock.now();
    expect((await client.get()).expiresAt).toBe(start + 60_000);
  });
});

describe("with an API that fails", () => {
  test("the last good answer is given while it lives, then public STUN, and each is told once", async () => {
    const { client, clock, events } = open([granted("one"), unreachable]);
    await client.get();
    await clock.pass(30 * MINUTE);
    expect(await client.get()).toMatchObject({ source: "last-good", reason: "unreachable" });
    expect(nameIn(client.current())).toBe("one");
    await clock.pass(30 * MINUTE);
    const last = await Promise.race([client.get(), clock.pass(6_000).then(() => client.get())]);
    expect(last).toMatchObject({
      source: "public-stun",
      iceServers: [
        { urls: ["stun:own.example:443"] },
        { urls: ["stun:stun.l.google.com:19302", "stun:stun.cloudflare.com:3478"] },
      ],
    });
    expect(last).not.toHaveProperty("expiresAt");
    const told = events.filter(({ type }) => type === "fallback");
    expect(told).toMatchObject([
      { reason: "unreachable", configuration: { source: "last-good" } },
      { reason: "unreachable", configuration: { source: "public-stun" } },
    ]);
  });

  test("it is asked less and less often, and the first success ends that", async () => {
    const failures = Array.from({ length: 9 }, () => unreachable);
    const { client, clock, requests, events } = open([...failures, granted("one"), unreachable]);
    const first = client.get();
    await clock.pass(5 * MINUTE);
    expect((await first).source).toBe("public-stun");
    const waits = requests.map(({ at }, i) => at - (requests[i - 1]?.at ?? 0)).slice(1);
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(events.at(-1)).toMatchObject({ type: "fresh", configuration: { source: "fresh" } });
    expect(await client.get()).toMatchObject({ source: "cached" });
    expect(await client.get()).not.toHaveProperty("reason");
    await client.refresh();
    expect(events.findLast(({ type }) => type === "failed")).toMatchObject({ retryInMs: 500 });
  });

  test("get with nothing in hand waits for a try that follows soon", async () => {
    const { client, clock, requests } = open([unreachable, refused(503), granted("one")]);
    const answer = client.get();
    await clock.pass(5_000);
    expect(await answer).toMatchObject({ source: "fresh" });
    expect(requests.map(({ at }) => at)).toEqual([0, 500, 1_500]);
  });

  test.each([429, 503])(
    "Retry-After of a %d is kept to, by get and refresh too",
    async (status) => {
      const { client, clock, requests, events } = open([
        refused(status, { "retry-after": "120" }),
        granted("one"),
      ]);
      const reason = status === 429 ? "limited" : "unavailable";
      expect(await client.get()).toMatchObject({ source: "public-stun", reason });
      await clock.pass(110_000);
      expect(await client.refresh()).toMatchObject({ source: "public-stun", reason });
      expect(requests).toHaveLength(1);
      await clock.pass(10_000);
      expect(requests.map(({ at }) => at)).toEqual([0, 120_000]);
      expect(events[0]).toMatchObject({ type: "failed", reason, status, retryInMs: 120_000 });
    },
  );

  test.each([
    [401, "unauthorized"],
    [403, "unauthorized"],
    [400, "refused"],
    [404, "refused"],
  ])("a %d is told at once, with the API's words", async (status, reason) => {
    const { client, events } = open([refused(status)]);
    expect(await client.get()).toMatchObject({ source: "public-stun", reason });
    expect(events[0]).toEqual({
      type: "failed",
      reason,
      status,
      message: `the API answered ${status}: because of the test`,
      retryInMs: 500,
    });
  });

  test("after a sign-in refresh asks without waiting", async () => {
    const { client, requests } = open([refused(401), granted("one")]);
    await client.get();
    expect(await client.refresh()).toMatchObject({ source: "fresh" });
    expect(requests.map(({ at }) => at)).toEqual([0, 0]);
  });

  describe("while a request of the old sign-in is under way, refresh", () => {
    const old = { authorization: "old" };
    const anew = { authorization: "new" };

    test.each([
      ["refused", refused(401)],
      ["granted", granted("one")],
    ])("waits for it and asks anew, for all that wait: the old one is %s", async (_, reply) => {
      const { client, clock, users, answer } = signedInAnew(granted("two"));
      const all = Promise.all([client.refresh(), client.refresh()]);
      await clock.pass(1_000);
      expect(users()).toEqual([old]);
      answer(reply);
      const answers = await all;
      expect(answers.map((it) => [it.source, nameIn(it)])).toEqual([
        ["fresh", "two"],
        ["fresh", "two"],
      ]);
      expect(users()).toEqual([old, anew]);
    });

    test("asks anew when it is given up", async () => {
      const { client, clock, users } = signedInAnew(granted("two"));
      const refreshed = client.refresh();
      await clock.pass(5_000);
      expect(await refreshed).toMatchObject({ source: "fresh" });
      expect(users()).toEqual([old, anew]);
    });

    test("keeps to a Retry-After that it brings", async () => {
      const { client, users, answer } = signedInAnew(granted("two"));
      const refreshed = client.refresh();
      answer(refused(429, { "retry-after": "120" }));
      expect(await refreshed).toMatchObject({ source: "public-stun", reason: "limited" });
      expect(users()).toEqual([old]);
    });

    test("ends with its signal, or with the client, and asks nothing", async () => {
      const { client, users, first } = signedInAnew(granted("two"));
      const gone = new AbortController();
      const [left, stayed] = [client.refresh({ signal: gone.signal }), client.refresh()];
      gone.abort(new Error("hung up"));
      await expect(left).rejects.toThrow("hung up");
      client.close();
      await expect(stayed).rejects.toThrow("the IceConfigClient is closed");
      await expect(first).rejects.toThrow("the IceConfigClient is closed");
      expect(users()).toEqual([old]);
    });
  });

  test("an answer that never comes is given up, and get is back in time", async () => {
    const { client, clock, events } = open([silent], { timeoutMs: 2_000 });
    const answer = client.get();
    await clock.pass(2_000);
    expect(await answer).toMatchObject({ source: "public-stun", reason: "timeout" });
    expect(events[0]).toMatchObject({ type: "failed", reason: "timeout" });
  });

  test("an application that has no headers is told so, and nothing is asked", async () => {
    const { client, requests, events } = open([granted("one")], {
      headers: () => Promise.reject(new Error("signed out")),
    });
    expect(await client.get()).toMatchObject({ reason: "headers" });
    expect(events[0]).toMatchObject({ message: "the application gave no headers: signed out" });
    expect(requests).toEqual([]);
  });

  test.each([
    ["another shape", () => Response.json({ servers: [] }), "malformed"],
    ["no JSON", () => new Response("<!doctype html>"), "malformed"],
    ["a credential that is about to end", granted("one", 9), "expired"],
  ])("%s is no answer", async (_, reply, reason) => {
    const { client, clock } = open([reply]);
    const answer = client.get();
    await clock.pass(6_000);
    expect(await answer).toMatchObject({ source: "public-stun", reason });
  });

  test("without public STUN nothing is left but what is known of the own", async () => {
    const { client } = open([refused(401)], { publicStun: [] });
    expect((await client.get()).iceServers).toEqual([]);
  });
});

describe("the page", () => {
  const self = new EventTarget();
  const document = new EventTarget();
  const returns = { online: self, pageshow: self, visibilitychange: document };
  afterEach(() => {
    Reflect.deleteProperty(globalThis, "self");
    Reflect.deleteProperty(globalThis, "document");
  });

  test.each(Object.entries(returns))(
    "that is back (%s) asks at once after a failure",
    async (name, target) => {
      Object.assign(globalThis, { self, document });
      const failures = Array.from({ length: 8 }, () => unreachable);
      const { client, clock, requests } = open([...failures, granted("one")]);
      void client.get();
      await clock.pass(63_000);
      expect(requests).toHaveLength(8);
      target.dispatchEvent(new Event(name));
      await clock.pass(0);
      expect(requests).toHaveLength(9);
      target.dispatchEvent(new Event(name));
      await clock.pass(0);
      expect(requests).toHaveLength(9);
    },
  );

  test("that is back after a long time asks at once, before any timer", async () => {
    Object.assign(globalThis, { self, document });
    const { client, clock, requests } = open([granted("one")]);
    await client.get();
    clock.sleep(HOUR);
    document.dispatchEvent(new Event("visibilitychange"));
    await clock.pass(0);
    expect(requests).toHaveLength(2);
  });

  test("that is back leaves an API alone that asked for it, and a closed client does nothing", async () => {
    Object.assign(globalThis, { self, document });
    const { client, clock, requests } = open([
      refused(429, { "retry-after": "60" }),
      granted("one"),
    ]);
    await client.get();
    await clock.pass(30_000);
    self.dispatchEvent(new Event("online"));
    await clock.pass(0);
    expect(requests).toHaveLength(1);
    await clock.pass(30_000);
    expect(requests).toHaveLength(2);
    client.close();
    clock.sleep(HOUR);
    self.dispatchEvent(new Event("online"));
    await clock.pass(HOUR);
    expect(requests).toHaveLength(2);
  });
});

describe("ending", () => {
  test("a caller that gives up gets its reason, and the others their answer", async () => {
    const { client, requests } = open([granted("one")]);
    const gone = new AbortController();
    const [left, stayed] = [client.get({ signal: gone.signal }), client.get()];
    gone.abort(new Error("hung up"));
    await expect(left).rejects.toThrow("hung up");
    expect(await stayed).toMatchObject({ source: "fresh" });
    await expect(client.get({ signal: gone.signal })).rejects.toThrow("hung up");
    expect(requests).toHaveLength(1);
  });

  test("close ends waiting, timers and events; a signal closes as well", async () => {
    const closing = new AbortController();
    const { client, clock, events } = open([silent], { signal: closing.signal });
    const waiting = client.get();
    closing.abort();
    await expect(waiting).rejects.toThrow("the IceConfigClient is closed");
    await expect(client.get()).rejects.toThrow("the IceConfigClient is closed");
    await clock.pass(HOUR);
    expect(events).toEqual([]);
    expect(clock.waiting).toBe(0);
  });

  test("a client is closed from the start by a signal that is aborted", async () => {
    const { client, requests } = open([granted("one")], { signal: AbortSignal.abort() });
    await expect(client.get()).rejects.toThrow("the IceConfigClient is closed");
    expect(requests).toEqual([]);
  });

  test("who unsubscribed hears nothing more", async () => {
    const { client } = open([granted("one")]);
    let heard = 0;
    const stop = client.subscribe(() => (heard += 1));
    await client.get();
    stop();
    await client.refresh();
    expect(heard).toBe(1);
  });
});

describe("options that cannot be meant are refused by name", () => {
  const url = "https://api.example/ice";
  test.each([
    [{ url: "/api/ice" }, `url is "/api/ice"; an https URL is needed`],
    [{ url: "ftp://api.example" }, `url is "ftp://api.example"; an https URL is needed`],
    [{ url, ttlSeconds: 59 }, "ttlSeconds is 59; a whole number from 60 to 86400 is needed"],
    [{ url, ttlSeconds: 86_401 }, "ttlSeconds is 86401; a whole number from 60 to 86400 is needed"],
    [{ url, timeoutMs: 0 }, "timeoutMs is 0; 1 to 600000 is needed"],
    [{ url, timeoutMs: NaN }, "timeoutMs is NaN; 1 to 600000 is needed"],
  ])("%j", (options, message) => {
    expect(() => new IceConfigClient(options)).toThrow(new TypeError(message));
  });

  test("a path is one of the page's own site", async () => {
    Object.assign(globalThis, { location: { href: "https://app.example/room/1" } });
    try {
      const { client, requests } = open([granted("one")], { url: "/api/ice" });
      await client.get();
      expect(requests[0]?.url).toBe("https://app.example/api/ice");
    } finally {
      Reflect.deleteProperty(globalThis, "location");
    }
  });
});
