import { afterEach, expect, test } from "@jest/globals";
import { stackTarget } from "../../verify/target.ts";
import { tcpRelayLeg } from "../../verify/tcpRelayLeg.ts";
import { type FakeTurn, fakeTurn, type FakeTurnOptions } from "./fakeTurn.ts";
import { advertise, contextFor, stack, turnKey } from "./stack.ts";

const servers: FakeTurn[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** The leg over plain TCP, for a LiveKit of that version. */
async function legWith(options: Partial<FakeTurnOptions>, livekitVersion?: string) {
  const server = await fakeTurn({ turnKey, stream: true, ...options });
  servers.push(server);
  const { livekitVersion: _, ...unknown } = stackTarget(stack());
  const target = { ...unknown, ...(livekitVersion && { livekitVersion }) };
  const relay = advertise(`turn:127.0.0.1:${server.port}?transport=tcp`);
  const leg = await tcpRelayLeg(contextFor(stack(), target), relay);
  return { server, leg };
}

test.each(["1.13.10", "1.13.5", undefined])(
  "a server that refuses TCP relays passes, whatever its version (%s)",
  async (version) => {
    const { leg, server } = await legWith({ refusesTcpRelays: true }, version);
    expect(leg).toMatchObject({ ok: true });
    expect(leg.na).toBeUndefined();
    expect(server.allocations).toEqual({ now: 0, most: 1 });
  },
);

test.each(["1.13.10", "1.14.0"])("LiveKit %s that grants one fails", async (version) => {
  const { leg, server } = await legWith({}, version);
  expect(leg).toMatchObject({ ok: false, cause: expect.stringMatching(/RFC 6062/) });
  expect(server.allocations.now).toBe(0);
});

test.each([
  ["1.13.9", /^warning: LiveKit 1\.13\.9 granted one/],
  [undefined, /^warning: this server granted one/],
])("version %s that grants one is n/a with a warning", async (version, reason) => {
  const { leg } = await legWith({}, version);
  expect(leg).toMatchObject({ ok: true, na: expect.stringMatching(reason) });
});

test("a server that refuses every allocation does not pass for one that refuses TCP relays", async () => {
  const { leg } = await legWith({ faults: { allocateError: 400 } }, "1.13.11");
  expect(leg.ok).toBe(false);
});

test("is n/a where no stream leads to the relay", async () => {
  const relay = advertise("turn:127.0.0.1:1?transport=udp");
  const leg = await tcpRelayLeg(contextFor(stack()), relay);
  expect(leg).toMatchObject({ ok: true, na: expect.stringMatching(/no advertised TURN URL/) });
});
