import { afterEach, describe, expect, test } from "@jest/globals";
import type { Leg } from "../../verify/leg.ts";
import { turnLegs } from "../../verify/turnLegs.ts";
import { type FakeTurn, fakeTurn, type Faults, type Relayed } from "./fakeTurn.ts";
import { leafCertificate } from "./leafCertificate.ts";
import { advertise, contextFor, stack, turnKey } from "./stack.ts";

const servers: FakeTurn[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** The legs against a server with a fault, over UDP alone. */
async function legsWith(faults: Faults): Promise<Leg[]> {
  const server = await fakeTurn({ turnKey, faults });
  servers.push(server);
  const relays = [advertise(`turn:127.0.0.1:${server.port}?transport=udp`)];
  return turnLegs(contextFor(stack()), { stun: [], relays });
}

const TAMPERED = [
  "changed user name is refused",
  "another user's name is refused",
  "prolonged expiry is refused",
  "another key's name is refused",
  "truncated password is refused",
];

const failed = (legs: readonly Leg[]) => legs.filter(({ ok }) => !ok);
const causes = (legs: readonly Leg[]) =>
  Object.fromEntries(failed(legs).map(({ name, cause }) => [name, cause]));

test("a sound server passes every leg over UDP, TLS and TCP, and gets every allocation back", async () => {
  const { ca, cert, key } = await leafCertificate();
  const udp = await fakeTurn({ turnKey });
  const tls = await fakeTurn({ turnKey, tls: { cert, key }, pieceBytes: 100 });
  const tcp = await fakeTurn({ turnKey, stream: true });
  servers.push(udp, tls, tcp);
  const context = contextFor(stack({ caCertificate: ca }));
  const relays = [
    advertise(`turn:127.0.0.1:${udp.port}?transport=udp`),
    advertise(`turns:127.0.0.1:${tls.port}?transport=tcp`),
    advertise(`turn:127.0.0.1:${tcp.port}?transport=tcp`),
  ];
  const legs = await turnLegs(context, { stun: [], relays });
  expect(failed(legs)).toEqual([]);
  expect(legs.map(({ name }) => name)).toEqual([
    "allocate over UDP",
    "UDP relay to direct",
    "UDP relay to UDP relay",
    "cloud metadata is refused",
    "wrong password is refused",
    "expired credential is refused",
    "allocate over TLS",
    "TLS relay to direct",
    "TLS relay to UDP relay",
    "cloud metadata is refused",
    "wrong password is refused",
    "expired credential is refused",
    "allocate over TCP",
    "TCP relay to direct",
    "TCP relay to UDP relay",
    "cloud metadata is refused",
    "wrong password is refused",
    "expired credential is refused",
    ...TAMPERED,
  ]);
  const all = [udp, tls, tcp].map(({ allocations }) => allocations);
  expect(all.map(({ now }) => now)).toEqual([0, 0, 0]);
  // LiveKit's quota is twelve for each user from v1.13.6 on.
  expect(all.reduce((sum, { most }) => sum + most, 0)).toBeLessThanOrEqual(9);
});

/** Lets the next packet pass before this one. */
function swapping(): Relayed {
  let held: Buffer[] = [];
  return (packet, number) => {
    if (number === 20) held = [packet];
    return number === 20 ? [] : [packet, ...held.splice(0)];
  };
}

/** Changes the last bit. */
const flip = (packet: Buffer): Buffer => {
  const changed = Buffer.from(packet);
  changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1);
  return changed;
};

describe("a relay that", () => {
  const faults: { what: string; relayed: () => Relayed; counts: RegExp }[] = [
    { what: "loses a packet", relayed: () => (it, n) => (n === 7 ? [] : [it]), counts: /1 lost/ },
    {
      what: "changes a bit",
      relayed: () => (it, n) => (n === 7 ? [flip(it)] : [it]),
      counts: /1 lost, 1 changed/,
    },
    {
      what: "repeats the last packet",
      relayed: () => (it, n) => (n === 49 ? [it, it] : [it]),
      counts: /1 duplicated/,
    },
    { what: "swaps two packets", relayed: swapping, counts: /1 out of order/ },
    {
      what: "cuts packets short",
      relayed: () => (it) => [it.subarray(0, -1)],
      counts: /50 lost, 50 changed/,
    },
    { what: "loses everything", relayed: () => () => [], counts: /50 lost: a firewall drops/ },
  ];

  test.each(faults)("$what fails both legs that pass packets", async ({ relayed, counts }) => {
    const found = causes(await legsWith({ relayed }));
    expect(Object.keys(found)).toEqual(["UDP relay to direct", "UDP relay to UDP relay"]);
    for (const cause of Object.values(found)) expect(cause).toMatch(counts);
  });
});

describe("a server that", () => {
  const faults: { what: string; faults: Faults; leg: string; cause: RegExp }[] = [
    {
      what: "forwards to cloud metadata",
      faults: { anyPeer: true },
      leg: "cloud metadata is refused",
      cause: /^the relay forwards to cloud metadata/,
    },
    {
      what: "takes expired credentials",
      faults: { anyExpiry: true },
      leg: "expired credential is refused",
      cause: /^the relay takes expired credentials/,
    },
  ];

  test.each(faults)("$what fails that leg and no other", async ({ faults: it, leg, cause }) => {
    expect(causes(await legsWith(it))).toEqual({ [leg]: expect.stringMatching(cause) });
  });

  test("takes any password fails the leg that says so, and those that tamper with what it signs", async () => {
    const found = causes(await legsWith({ anyPassword: true }));
    expect(found["wrong password is refused"]).toMatch(/^the relay takes any password/);
    for (const name of ["another user's name", "prolonged expiry", "truncated password"])
      expect(found[`${name} is refused`]).toMatch(/^the relay takes a credential that was tamp/);
    expect(Object.keys(found)).toHaveLength(4);
  });

  test("has no relay port left fails the allocation, and nothing is tried on it", async () => {
    const legs = await legsWith({ allocateError: 508 });
    expect(causes(legs)).toMatchObject({
      "allocate over UDP": "every port of the relay range is in use (508)",
      "UDP relay to direct": "not tried, as the allocation failed",
      "UDP relay to UDP relay": "not tried, as the allocation failed",
      "cloud metadata is refused": "not tried, as the allocation failed",
    });
  });

  test("refuses everyone does not pass for one that refuses wrong credentials", async () => {
    const found = causes(await legsWith({ allocateError: 486 }));
    expect(found["expired credential is refused"]).toMatch(/quota/);
  });
});
