/** What the relay must not reach, asked for in every way, and counted in packets where they would arrive. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { isSince, FIRST_WITH_RELAY_POLICY } from "../../verify/livekitVersion.ts";
import { untilApplied } from "../support/node/booted.ts";
import { type Control, makePapers, openGroup, type Papers } from "../support/node/control.ts";
import { startCoturn } from "../support/node/controlCoturn.ts";
import { peerLists, startLivekit, userOf } from "../support/node/controlLivekit.ts";
import { passBetweenRelays, sendProbes } from "../support/node/forbiddenDrive.ts";
import {
  cellNames,
  cellsIn,
  hostsIn,
  named,
  notRefused,
} from "../support/node/forbiddenOutcome.ts";
import {
  CLOUD_ADDRESSES,
  destination,
  FORMS,
  type Peer,
  peersIn,
  SPECIAL_RANGES,
  written,
} from "../support/node/forbiddenPeers.ts";
import {
  METHODS,
  PROBE_PORTS,
  type ProbeReport,
  type ProbeTask,
  portOfCell,
} from "../support/node/forbiddenProbes.ts";
import { relayUrls } from "../support/node/liveRelays.ts";
import { NETWORK, NODE, WORLD } from "../support/node/places.ts";
import { type Rig, startRig } from "../support/node/rig.ts";
import { type Seen, setTrap, SIXTH, type Trap } from "../support/node/trap.ts";
import { credentialOf } from "../support/relayStream.ts";

const MINUTES = 60_000;

let rig: Rig;
let trap: Trap;
let papers: Papers;
beforeAll(async () => {
  rig = await startRig();
  await untilApplied(rig);
  trap = await setTrap(rig.internet, rig.node.pid);
  papers = await makePapers();
  await openGroup(rig.internet.router, PROBE_PORTS);
}, 10 * MINUTES);
afterAll(() => trap.remove(), MINUTES);
afterAll(() => rig.remove(), 3 * MINUTES);

type Server = Pick<ProbeTask, "urls" | "ca" | "credential">;
type Outcome = Seen & { readonly report: ProbeReport };

async function probe(server: Server, peers: ProbeTask["peers"]): Promise<Outcome> {
  await trap.forget();
  const { urls, ca, credential } = server;
  const task = { urls, ca, credential, allowed: WORLD.aws, peers };
  const report = await sendProbes(rig.internet.client, task);
  return { report, ...(await trap.seen()) };
}

/** The stack's own relay, over UDP and over TLS through the edge. */
async function stacks(): Promise<Server> {
  const [udp = "", tls = ""] = relayUrls(rig);
  const urls = { IPv4: { udp, tls }, IPv6: { udp, tls } };
  return { urls, ca: await rig.trusted(), credential: credentialOf(rig.deployed.outputs, "probe") };
}

async function withControl<T>(
  control: Promise<Control>,
  work: (control: Control) => Promise<T>,
): Promise<T> {
  const started = await control;
  try {
    return await work(started);
  } finally {
    await started.stop();
  }
}

const place = () => ({ namespace: trap.node, papers });
/** Of the plan, and of the registries; each list is here should the other one lack something. */
const forbidden = () =>
  peersIn([...peerLists(rig).deny_peer_cidrs, ...SPECIAL_RANGES, ...CLOUD_ADDRESSES]);
/** What was seen at each place, but for what went to one host. */
const everywhere = ({ sent, inside, outside, trap: trapped, world }: Outcome, but?: string) =>
  [sent, inside, outside, trapped, world].map((seen) =>
    named(seen.filter(({ host }) => host !== but)),
  );
const NOWHERE = [[], [], [], [], []];
/** From this version on LiveKit gives nobody a relay that opens connections. */
const opensConnections = () =>
  !isSince(FIRST_WITH_RELAY_POLICY, rig.deployed.outputs.livekitVersion);

describe("the relay of the stack", () => {
  test(
    "sends nothing to a forbidden peer, however it is written and asked for, and refuses it each time",
    async () => {
      // The last one is allowed: it arrives only if those before it would.
      const last = { host: WORLD.aws, form: "native" } as const;
      const outcome = await probe(await stacks(), [...forbidden(), last]);
      expect(everywhere(outcome, WORLD.aws)).toEqual(NOWHERE);
      const reached = cellNames(({ form, method }) => form === "native" && method !== "connect");
      expect(cellsIn(outcome.world)).toEqual(new Set(reached));
      const taken = ["permission", "channel"].map((it) => `${it} native: 0, 1 times`);
      const tried = opensConnections() ? ["connect native: 447, 1 times"] : [];
      const ofLast = [...taken, ...tried].flatMap((it) => [`IPv4 udp ${it}`, `IPv4 tls ${it}`]);
      expect(notRefused(outcome.report).toSorted()).toEqual(ofLast.toSorted());
      const relays = Object.entries(outcome.report.relays);
      const given = relays.filter(([, code]) => code === "0").map(([what]) => what);
      const methods = METHODS.filter((it) => it !== "connect" || opensConnections());
      const wanted = methods.flatMap((it) => [`IPv4 udp ${it}`, `IPv4 tls ${it}`]);
      expect(given.toSorted()).toEqual(wanted.toSorted());
    },
    6 * MINUTES,
  );

  test(
    "reaches a peer on the internet by each method, but opens no connection",
    async () => {
      const outcome = await probe(await stacks(), [
        { host: WORLD.aws, form: "native" },
        written(WORLD.aws, "mapped"),
      ]);
      const reached = cellNames(
        ({ form, method }) => (form === "native" || form === "mapped") && method !== "connect",
      );
      expect(cellsIn(outcome.world)).toEqual(new Set(reached));
      expect(cellsIn(outcome.sent)).toEqual(new Set(reached));
    },
    2 * MINUTES,
  );

  test(
    "reaches no service of the node, nor the metadata service",
    async () => {
      const services = rig.deployed.outputs.ports.filter((it) => it.exposure === "node");
      const own = ["127.0.0.1", "0.0.0.0", NODE.private, NODE.public, NETWORK.gateway];
      const peers = own
        .flatMap((host) => services.map(({ from: port }) => ({ host, port })))
        .concat([80, 53].map((port) => ({ host: NETWORK.metadata, port })))
        .concat({ host: NETWORK.resolver, port: 53 })
        .flatMap(({ host, port }) =>
          (["native", "mapped"] as const).map((form) => ({ ...written(host, form), port })),
        );
      const dropped = await rig.internet.refused("ingress");
      const outcome = await probe(await stacks(), peers);
      expect(named(outcome.inside)).toEqual([]);
      // Whoever may relay may send to the node's public address, as everybody may: the security group stands before it.
      const others = [...outcome.sent, ...outcome.outside].filter(
        ({ host }) => host !== NODE.public,
      );
      expect(named(others)).toEqual([]);
      expect(await rig.internet.refused("ingress")).toBeGreaterThan(dropped);
    },
    2 * MINUTES,
  );

  test(
    "reaches another relay of the node, by its public address",
    async () => {
      const { urls, ca, credential } = await stacks();
      const { udp, tls } = urls.IPv4;
      await passBetweenRelays(rig.internet.client, { urls: [udp, tls], ca, credential });
    },
    2 * MINUTES,
  );
});

describe("LiveKit with the stack's lists, where it has an address of IPv6", () => {
  test(
    "sends nothing to a forbidden peer, and refuses it each time",
    async () => {
      const server = startLivekit(rig, peerLists(rig), place());
      const outcome = await withControl(server, (it) => probe(it, forbidden()));
      expect(everywhere(outcome)).toEqual(NOWHERE);
      expect(notRefused(outcome.report)).toEqual([]);
      expect(outcome.report.relays).toMatchObject({
        "IPv6 udp permission": "0",
        "IPv6 tls channel": "0",
      });
    },
    6 * MINUTES,
  );
});

describe("a server that leaks is seen:", () => {
  const ANYWHERE = { allow_restricted_peer_cidrs: ["0.0.0.0/0", "::/0"], deny_peer_cidrs: [] };

  test(
    "LiveKit with every peer allowed, in each form, by each method that asks, over UDP and TLS, to every range",
    async () => {
      const peers = forbidden();
      const server = startLivekit(rig, ANYWHERE, place());
      const outcome = await withControl(server, (it) => probe(it, peers));
      const leaks = cellNames(
        // Nobody sends what there is no permission for; that such packets are sent at all is seen where there is one.
        ({ method }) => method !== "unpermitted" && (method !== "connect" || opensConnections()),
      );
      expect([...cellsIn(outcome.sent)].toSorted()).toEqual(leaks.toSorted());
      const arrived = cellsIn([...outcome.inside, ...outcome.trap]);
      expect([...arrived].toSorted()).toEqual(leaks.toSorted());
      for (const method of ["permission", "channel"] as const)
        for (const transport of ["udp", "tls"] as const) {
          const seen = hostsIn(
            outcome.sent,
            (it) => it.method === method && it.transport === transport,
          );
          expect(missing(peers, seen)).toEqual([]);
        }
    },
    6 * MINUTES,
  );

  test(
    "LiveKit with neither list, in the ranges that it does not know of itself",
    async () => {
      const ranges = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "192.88.99.0/24"];
      const sixth = ["2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10"];
      const peers = peersIn([...ranges, ...sixth]);
      const lists = { allow_restricted_peer_cidrs: [], deny_peer_cidrs: [] };
      const server = startLivekit(rig, lists, place());
      const outcome = await withControl(server, (it) => probe(it, peers));
      const ofPermission = hostsIn(outcome.trap, ({ method }) => method === "permission");
      const own = peers.filter(
        ({ form }) => form === "native" || form === "mapped" || form === "6to4",
      );
      expect(missing(own, ofPermission)).toEqual([]);
    },
    4 * MINUTES,
  );

  test(
    "coturn with no list, by each method, in each form but mapped ones",
    async () => {
      // It ends a relay whose packet the kernel does not take: none of these is one.
      const hosts = ["127.0.0.1", "10.0.0.1", "100.64.0.1", "192.168.0.1", NETWORK.metadata];
      const peers = hosts.flatMap((host) =>
        FORMS.filter((it) => it !== "mapped").map((form) => written(host, form)),
      );
      const server = startCoturn({ denied: [], from: SIXTH.node }, place());
      const outcome = await withControl(server, (it) => probe(it, peers));
      const leaks = cellNames(
        ({ form, method, transport }) =>
          form !== "mapped" &&
          method !== "unpermitted" &&
          // Relays of TCP are for clients that come by TCP (RFC 6062 section 5.1).
          (method !== "connect" || transport === "tls"),
      );
      expect([...cellsIn(outcome.sent)].toSorted()).toEqual(leaks.toSorted());
    },
    4 * MINUTES,
  );

  test(
    "coturn with a list, by whose mapped addresses it is passed by",
    async () => {
      const hosts = ["10.0.0.1", "100.64.0.1", "192.168.0.1"];
      const denied = [
        "10.0.0.0-10.255.255.255",
        "100.64.0.0-100.127.255.255",
        "192.168.0.0-192.168.255.255",
      ];
      const peers = hosts.flatMap((host) => [written(host, "native"), written(host, "mapped")]);
      // What it sends to IPv4 from a relay of IPv6 wants such an address.
      const server = startCoturn({ denied, from: `::ffff:${NODE.private}` }, place());
      const outcome = await withControl(server, (it) => probe(it, peers));
      expect(hostsIn(outcome.sent, ({ form }) => form === "native")).toEqual(new Set());
      expect(hostsIn(outcome.trap, ({ form }) => form === "mapped")).toEqual(new Set(hosts));
    },
    4 * MINUTES,
  );
});

/** Peers that no packet went to. */
const missing = (peers: readonly Peer[], seen: ReadonlySet<string>): string[] =>
  peers
    .filter((it) => !seen.has(destination(it, NODE.private)))
    .map(({ host, form }) => `${host} (${form})`);

test(
  "the node's firewall keeps what LiveKit would let through from the node itself and from the metadata service",
  async () => {
    const hosts = ["127.0.0.1", "127.0.0.53", NODE.private, NETWORK.metadata];
    const peers = hosts.map((host) => written(host, "native"));
    const lists = { allow_restricted_peer_cidrs: ["0.0.0.0/0"], deny_peer_cidrs: [] };
    const server = startLivekit(rig, lists, { ...place(), user: userOf(rig) });
    const outcome = await withControl(server, (it) => probe(it, peers));
    const port = portOfCell({ form: "native", method: "permission", transport: "udp" });
    const sent = outcome.sent.filter((it) => it.port === port).map(({ host }) => host);
    expect(sent.toSorted()).toEqual(hosts.toSorted());
    expect(named([...outcome.inside, ...outcome.outside])).toEqual([]);
  },
  4 * MINUTES,
);
