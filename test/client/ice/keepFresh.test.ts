import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import {
  type IceConfigClient,
  keepFresh,
  type KeepFreshOptions,
  type KeptEvent,
  liveRtcConfig,
} from "../../../client/ice/index.ts";
import { isRelayed } from "../../../client/ice/relayed.ts";
import {
  clientWith,
  granted,
  nameIn,
  refused,
  type Reply,
  unreachable,
} from "../../support/iceApi.ts";
import { TestConnection } from "../../support/iceConnection.ts";

const HALF = 30 * 60_000;
const opened: IceConfigClient[] = [];
afterEach(() => {
  for (const client of opened.splice(0)) client.close();
});

/** A connection made with the first answer of an API that gives these. */
async function kept(replies: readonly Reply[], options: KeepFreshOptions<TestConnection> = {}) {
  const made = clientWith(replies);
  const { client, clock } = made;
  opened.push(client);
  const { iceServers } = await client.get();
  const connection = new TestConnection(iceServers);
  const told: KeptEvent[] = [];
  const onEvent = (event: KeptEvent) => told.push(event);
  const stop = keepFresh(connection, client, { clock, onEvent, ...options });
  const has = () => connection.user;
  return { ...made, connection, told, stop, has };
}
const one = granted("one");
const two = granted("two");
const three = granted("three");

describe("a relayed connection", () => {
  test("gets each new credential and is restarted for it, once", async () => {
    const { connection, clock, told, has } = await kept([one, two, three]);
    connection.gather();
    await clock.pass(HALF - 1);
    expect([has(), connection.restarts]).toEqual(["one", 0]);
    await clock.pass(1);
    expect([has(), connection.restarts]).toEqual(["two", 1]);
    connection.gather();
    await clock.pass(HALF - 1);
    expect([has(), connection.restarts]).toEqual(["two", 1]);
    await clock.pass(1);
    expect([has(), connection.restarts]).toEqual(["three", 2]);
    expect(told.map(({ type }) => type)).toEqual([
      "configured",
      "restart",
      "configured",
      "restart",
    ]);
    expect(told[1]).toEqual({ type: "restart", because: "relayed" });
  });

  test("keeps the rest of its configuration", async () => {
    const { connection, clock } = await kept([one, two]);
    await clock.pass(HALF);
    expect(connection.getConfiguration().iceTransportPolicy).toBe("relay");
  });

  test("whose restart nobody carries out is asked again after half a minute", async () => {
    const { connection, clock } = await kept([one, two]);
    connection.gather();
    await clock.pass(HALF + 29_000);
    expect(connection.restarts).toBe(1);
    await clock.pass(2_000);
    expect(connection.restarts).toBe(2);
    connection.gather();
    await clock.pass(120_000);
    expect(connection.restarts).toBe(2);
  });

  test("whose other side restarted first is not restarted for the same credential", async () => {
    const { connection, clock } = await kept([one, two]);
    connection.gather();
    connection.path = "host";
    await clock.pass(HALF);
    connection.path = "relay";
    connection.gather();
    await clock.pass(60_000);
    expect(connection.restarts).toBe(0);
  });

  test("that was negotiated in between with the old credential is", async () => {
    const { connection, clock } = await kept([one, two]);
    connection.gather();
    connection.gather();
    await clock.pass(HALF);
    expect(connection.restarts).toBe(1);
  });

  test("is restarted once, however often its state changes meanwhile", async () => {
    const { connection, clock } = await kept([one, two]);
    connection.gather();
    connection.path = "host";
    await clock.pass(HALF);
    connection.path = "relay";
    connection.connectTo("connecting");
    connection.connectTo("connected");
    await clock.pass(0);
    expect(connection.restarts).toBe(1);
  });

  test("can be restarted in the application's own way", async () => {
    const asked: TestConnection[] = [];
    const { connection, clock } = await kept([one, two], { restart: (it) => asked.push(it) });
    connection.gather();
    await clock.pass(HALF);
    expect(asked).toEqual([connection]);
    expect(connection.restarts).toBe(0);
  });
});

describe("a connection that is not relayed", () => {
  test("gets the credential without a restart, and has one as soon as it is", async () => {
    const { connection, clock, has } = await kept([one, two]);
    connection.path = "srflx";
    connection.gather();
    await clock.pass(HALF + 60_000);
    expect([has(), connection.restarts]).toEqual(["two", 0]);
    connection.path = "relay";
    await clock.pass(5_000);
    expect(connection.restarts).toBe(1);
  });

  test.each(["disconnected", "failed"])("is restarted when it is %s", async (state) => {
    const { connection, clock, told } = await kept([one, two]);
    connection.path = "host";
    connection.gather();
    await clock.pass(HALF);
    connection.connectTo(state);
    await clock.pass(0);
    expect(connection.restarts).toBe(1);
    expect(told.at(-1)).toEqual({ type: "restart", because: "disconnected" });
  });

  test("and has not gathered yet is not restarted", async () => {
    const { connection, clock, has } = await kept([one, two]);
    await clock.pass(HALF + 60_000);
    expect([has(), connection.restarts]).toEqual(["two", 0]);
    connection.gather();
    await clock.pass(60_000);
    expect(connection.restarts).toBe(0);
  });
});

test("a connection that was made of older servers is brought up to date at once", async () => {
  const { client, clock } = clientWith([two]);
  opened.push(client);
  const connection = new TestConnection([{ urls: ["turn:a"], username: "one", credential: "c" }]);
  connection.gather();
  keepFresh(connection, client, { clock });
  await clock.pass(0);
  expect([connection.user, connection.restarts]).toEqual(["two", 1]);
});

test("a connection that has the client's credential already is left alone", async () => {
  const { client, clock } = clientWith([one]);
  opened.push(client);
  const connection = new TestConnection((await client.get()).iceServers);
  connection.gather();
  const told: KeptEvent[] = [];
  keepFresh(connection, client, { clock, onEvent: (event) => told.push(event) });
  await clock.pass(60_000);
  expect([told, connection.restarts]).toEqual([[], 0]);
});

describe("what the application throws is for it to see, and keepFresh goes on", () => {
  const thrown: unknown[] = [];
  beforeEach(() => {
    thrown.length = 0;
    jest.spyOn(globalThis, "queueMicrotask").mockImplementation((callback) => {
      const microtask = async () => {
        await Promise.resolve();
        callback();
      };
      microtask().catch((error: unknown) => thrown.push(error));
    });
  });
  afterEach(() => void jest.restoreAllMocks());
  const bug = new Error("a bug");

  test("restart: it is asked for again at the next look, not before", async () => {
    let tries = 0;
    const { connection, clock, told } = await kept([one, two], {
      restart: () => {
        if ((tries += 1) < 3) throw bug;
      },
    });
    connection.gather();
    await clock.pass(HALF);
    connection.connectTo("connecting");
    connection.connectTo("connected");
    await clock.pass(0);
    expect([tries, thrown, told.map(({ type }) => type)]).toEqual([1, [bug], ["configured"]]);
    await clock.pass(5_000);
    expect([tries, thrown]).toEqual([2, [bug, bug]]);
    await clock.pass(5_000);
    expect(told.slice(1)).toEqual([{ type: "restart", because: "relayed" }]);
    await clock.pass(29_000);
    expect([tries, thrown]).toEqual([3, [bug, bug]]);
    await clock.pass(5_000);
    expect(tries).toBe(4);
  });

  test("onEvent: of whatever it was told", async () => {
    const types: string[] = [];
    const { connection, clock, has, stop } = await kept([one, two], {
      onEvent: ({ type }) => {
        types.push(type);
        throw bug;
      },
    });
    connection.gather();
    await clock.pass(HALF);
    expect([has(), connection.restarts]).toEqual(["two", 1]);
    await clock.pass(29_000);
    expect(connection.restarts).toBe(1);
    stop();
    await clock.pass(0);
    expect(types).toEqual(["configured", "restart", "stopped"]);
    expect(thrown).toEqual([bug, bug, bug]);
  });

  test("a configuration that the connection refuses: the next answer is set", async () => {
    const { client, clock } = clientWith([one, two]);
    opened.push(client);
    const connection = new TestConnection([]);
    const refusing = jest.spyOn(connection, "setConfiguration").mockImplementation(() => {
      throw bug;
    });
    await client.get();
    const told: KeptEvent[] = [];
    keepFresh(connection, client, { clock, onEvent: (event) => told.push(event) });
    await clock.pass(0);
    expect([connection.user, thrown, told]).toEqual([undefined, [bug], []]);
    refusing.mockRestore();
    await clock.pass(HALF);
    expect([connection.user, thrown]).toEqual(["two", [bug]]);
    expect(told.map(({ type }) => type)).toEqual(["configured"]);
  });

  test("statistics that are refused are no fault of its own", async () => {
    const { connection, clock } = await kept([one, two]);
    connection.gather();
    const refusing = jest.spyOn(connection, "getStats").mockRejectedValue(bug);
    await clock.pass(HALF);
    expect([connection.restarts, thrown]).toEqual([0, []]);
    refusing.mockRestore();
    await clock.pass(5_000);
    expect([connection.restarts, thrown]).toEqual([1, []]);
  });
});

test("a connection never gets the servers of the last resort", async () => {
  const { connection, clock, has, client } = await kept([one, unreachable]);
  connection.gather();
  await clock.pass(3 * HALF);
  expect(client.current().source).toBe("public-stun");
  expect([has(), connection.restarts]).toEqual(["one", 0]);

  const other = clientWith([refused(401)]);
  opened.push(other.client);
  keepFresh(connection, other.client, { clock: other.clock });
  await other.clock.pass(0);
  expect(has()).toBe("one");
});

describe("it ends", () => {
  test("with the connection, which tells nobody", async () => {
    const { connection, clock, told } = await kept([one, two]);
    connection.gather();
    connection.close();
    await clock.pass(5_000);
    expect(told).toEqual([{ type: "stopped" }]);
    await clock.pass(HALF);
    expect(told).toHaveLength(1);
  });

  test("with a signal, or when told, and leaves the connection as it is", async () => {
    const ending = new AbortController();
    const { connection, clock, has, told } = await kept([one, two], { signal: ending.signal });
    connection.gather();
    ending.abort();
    await clock.pass(HALF + 60_000);
    expect([has(), connection.restarts]).toEqual(["one", 0]);
    expect(told).toEqual([{ type: "stopped" }]);

    const other = await kept([one, two]);
    other.stop();
    other.stop();
    other.client.close();
    expect(other.told).toEqual([{ type: "stopped" }]);
    expect(other.clock.waiting).toBe(0);
  });

  test("before it began, by a signal that is aborted or a client that is closed", async () => {
    const { told, clock } = await kept([one], { signal: AbortSignal.abort() });
    await clock.pass(0);
    expect(told).toEqual([{ type: "stopped" }]);

    const { client } = clientWith([one]);
    client.close();
    const events: KeptEvent[] = [];
    const connection = new TestConnection([]);
    keepFresh(connection, client, { clock, onEvent: (it) => events.push(it) });
    await clock.pass(0);
    expect(events).toEqual([{ type: "stopped" }]);
  });
});

const local = (candidateType: string) => ({ id: "L", type: "local-candidate", candidateType });

test("of a report only the path in use counts, as browsers and Firefox mark it", () => {
  const pair = { id: "P", type: "candidate-pair", localCandidateId: "L" };
  const transport = { id: "T", type: "transport", selectedCandidatePairId: "P" };
  expect(isRelayed([transport, pair, local("relay")])).toBe(true);
  expect(isRelayed([{ ...pair, selected: true }, local("relay")])).toBe(true);
  expect(isRelayed([transport, pair, local("prflx")])).toBe(false);
  expect(isRelayed([pair, local("relay")])).toBe(false);
  expect(isRelayed([{ id: "T", type: "transport" }, pair, local("relay")])).toBe(false);
  expect(isRelayed([])).toBe(false);
});

describe("liveRtcConfig", () => {
  test("gives whoever copies it the servers of that moment, beside what else is wanted", async () => {
    const { client, clock } = clientWith([one, two]);
    opened.push(client);
    await client.get();
    const config = liveRtcConfig(client, { iceTransportPolicy: "relay" } as const);
    expect(nameIn({ iceServers: { ...config }.iceServers ?? [] })).toBe("one");
    await clock.pass(HALF);
    expect(nameIn({ iceServers: { ...config }.iceServers ?? [] })).toBe("two");
    expect({ ...config }.iceTransportPolicy).toBe("relay");
  });

  test("leaves it to LiveKit while no credential is alive", () => {
    const { client } = clientWith([unreachable]);
    opened.push(client);
    expect(liveRtcConfig(client).iceServers).toBeUndefined();
  });
});
