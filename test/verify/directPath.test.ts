/** Where a peer without a relay can be, by deployment. */
import { afterEach, describe, expect, test } from "@jest/globals";
import type { StackOutputs } from "../../turn/outputs.ts";
import { deploymentTarget, stackTarget, type Target } from "../../verify/target.ts";
import { turnLegs } from "../../verify/turnLegs.ts";
import { type FakeTurn, fakeTurn, type Faults } from "./fakeTurn.ts";
import { advertise, contextFor, stack, turnKey } from "./stack.ts";

const servers: FakeTurn[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const elsewhere = (livekitVersion?: string) =>
  deploymentTarget({ url: "https://api.example", token: "x", livekitVersion });
const onBridge = (livekitVersion: string): StackOutputs =>
  // Another address of this machine stands for the one on its LAN.
  stack({ network: "bridge", nodeAddress: "127.0.0.2", livekitVersion });

interface Run {
  readonly target: Target;
  readonly faults?: Faults;
  readonly stream?: true;
}

/** The legs by name, against a server with those faults. */
async function legsOf({ target, faults = {}, stream }: Run) {
  const server = await fakeTurn({ turnKey, faults, ...(stream && { stream }) });
  servers.push(server);
  const relays = [advertise(`turn:127.0.0.1:${server.port}?transport=${stream ? "tcp" : "udp"}`)];
  const legs = await turnLegs(contextFor(stack(), target), { stun: [], relays });
  return Object.fromEntries(legs.map((leg) => [leg.name, leg]));
}

const losesAll: Faults = { relayed: () => () => [] };

describe("in a deployment of which only the API is known, the peer", () => {
  test("is on this machine, at the address that STUN sees", async () => {
    const legs = await legsOf({ target: elsewhere() });
    expect(legs["UDP relay to direct"]).toMatchObject({ ok: true });
    expect(legs["UDP relay to direct"]?.na).toBeUndefined();
  });

  test("is impossible where nothing tells that address", async () => {
    const legs = await legsOf({ target: elsewhere(), stream: true });
    expect(legs["TCP relay to direct"]?.na).toMatch(/without a STUN or TURN URL over UDP/);
  });

  test("is impossible where the relay may not send to this machine", async () => {
    const legs = await legsOf({ target: elsewhere(), faults: { forbids: "127.0.0.1" } });
    expect(legs["UDP relay to direct"]?.na).toMatch(/may not send to this machine's address 127/);
  });

  test.each([undefined, "1.13.10"])(
    "proves nothing on the node itself when LiveKit %s may drop what goes there",
    async (version) => {
      const legs = await legsOf({ target: elsewhere(version), faults: losesAll });
      expect(legs["UDP relay to direct"]?.na).toMatch(/runs on the node itself/);
    },
  );

  test("fails when an older LiveKit loses what goes there", async () => {
    const legs = await legsOf({ target: elsewhere("1.13.5"), faults: losesAll });
    expect(legs["UDP relay to direct"]).toMatchObject({
      ok: false,
      cause: expect.stringMatching(/50 lost/),
    });
  });
});

describe("in a cloud", () => {
  test("the peer is on this machine as well, which is not the node", async () => {
    const inCloud = stack({ target: "aws", nodeAddress: "192.0.2.7" });
    const legs = await legsOf({ target: stackTarget(inCloud) });
    expect(legs["UDP relay to direct"]).toMatchObject({ ok: true });
    expect(legs["UDP relay to direct"]?.na).toBeUndefined();
  });
});

describe("on a bridge that announces an address on the LAN", () => {
  test("relays cannot reach each other", async () => {
    const legs = await legsOf({ target: stackTarget(onBridge("1.13.5")) });
    expect(legs["UDP relay to UDP relay"]?.na).toMatch(/Docker rewrites the source/);
  });

  test("the peer is at any port of that address", async () => {
    const legs = await legsOf({ target: stackTarget(onBridge("1.13.5")) });
    expect(legs["UDP relay to direct"]).toMatchObject({ ok: true });
    expect(legs["UDP relay to direct"]?.na).toBeUndefined();
  });

  test("no port is left for the peer since LiveKit 1.13.10", async () => {
    const legs = await legsOf({ target: stackTarget(onBridge("1.13.11")) });
    expect(legs["UDP relay to direct"]?.na).toMatch(/Docker holds every media port/);
  });
});
