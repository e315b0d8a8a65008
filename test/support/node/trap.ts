/**
 * A host on the rig's internet that has every address which nobody else has, of IPv4 and of IPv6: what a relay sends
 * astray arrives there. With it come meters at each place that such a packet passes.
 */
import { randomBytes } from "node:crypto";
import { inNamespace, ip } from "../networkTools.ts";
import type { Internet } from "./internet.ts";
import { orUndo, startKeeper } from "./keeper.ts";
import { inTurn, noteNamespace } from "./namespaces.ts";
import { TO_NODE } from "./routerRules.ts";
import {
  forgetMeter,
  listMeter,
  type Meter,
  meterRules,
  readMeter,
  type Sighting,
} from "./trapRules.ts";

/** Addresses of IPv6, which EC2's networks have not got unless one asks for it: clients reach the node by its own. */
export const SIXTH = {
  node: "2600:1f14:1:0:0:0:0:10",
  client: "2600:1f14:2:0:0:0:0:10",
} as const;

const TRAP = { address: "18.184.9.10", gateway: "18.184.9.1" } as const;

/**
 * Where a packet was seen: `sent` by a program on the node, whatever the node's firewall did with it next; `inside`,
 * before a listener on the node; `outside`, as it had left the node; `trap`, before a listener with the peer's address;
 * `world`, before a listener that a relay may reach.
 */
export const WHERE = ["sent", "inside", "outside", "trap", "world"] as const;
export type Where = (typeof WHERE)[number];
export type Seen = Readonly<Record<Where, readonly Sighting[]>>;

export interface Trap {
  /** Name of the node's namespace. */
  readonly node: string;
  /** What was seen since it was last forgotten. */
  seen(): Promise<Seen>;
  forget(): Promise<void>;
  remove(): Promise<void>;
}

/** Sets it up beside a node whose first process has that id. Only for one rig of a test's own, as it stays changed. */
export async function setTrap(
  { client, router, world }: Pick<Internet, "client" | "router" | "world">,
  pid: number,
): Promise<Trap> {
  const keeper = startKeeper();
  const id = randomBytes(3).toString("hex");
  const [trap, node] = [`turnkey-trap-${id}`, `turnkey-trapped-${id}`];
  for (const name of [trap, node]) noteNamespace(name, keeper);
  return orUndo(keeper, async () => {
    await ip("netns", "add", trap);
    await ip("netns", "attach", node, String(pid));
    await connect({ client, router, trap, node });
    const meters: Readonly<Record<Where, readonly [namespace: string, meter: Meter]>> = {
      sent: [node, { hook: "output" }],
      inside: [node, { hook: "input" }],
      // No router forwards what goes to 0.0.0.0/8, and who waits for an answer would wait for minutes.
      outside: [
        router,
        {
          hook: "prerouting",
          from: TO_NODE,
          further: ["ip daddr 0.0.0.0/8 meta l4proto tcp reject with tcp reset"],
        },
      ],
      trap: [trap, { hook: "input" }],
      world: [world, { hook: "input" }],
    };
    for (const [namespace, meter] of Object.values(meters)) {
      // oxlint-disable-next-line no-await-in-loop -- a few quick ones
      await loadRules(namespace, meterRules(meter));
    }
    const read = async (where: Where) => {
      const [namespace, meter] = meters[where];
      return readMeter(await inNamespace(namespace, ...listMeter(meter)));
    };
    return {
      node,
      seen: async () => ({
        sent: await read("sent"),
        inside: await read("inside"),
        outside: await read("outside"),
        trap: await read("trap"),
        world: await read("world"),
      }),
      forget: async () => {
        const all = Object.values(meters).flatMap(([namespace, meter]) =>
          forgetMeter(meter).map((command) => inNamespace(namespace, ...command)),
        );
        await Promise.all(all);
      },
      remove: () => keeper.undo(),
    };
  });
}

/** Loads nftables rules in a namespace. */
export async function loadRules(namespace: string, rules: string): Promise<void> {
  await inNamespace(namespace, "sh", "-c", 'printf %s "$0" | nft -f -', rules);
}

type Names = Readonly<Record<"client" | "router" | "trap" | "node", string>>;

/** Addresses of IPv6 are of a network each, as those of IPv4 are. */
const sixth = (network: number, host: "1" | "10") => `2600:1f14:${network}::${host}`;
const NETWORKS = { [TO_NODE]: 1, client: 2, trap: 9 };
const enable = (link: string) => `sysctl -qw net.ipv6.conf.${link}.disable_ipv6=0`;
const add = (link: string, address: string) => `ip -6 address add ${address}/64 dev ${link} nodad`;
const route = (network: number) => `ip -6 route add default via ${sixth(network, "1")}`;

async function connect({ client, router, trap, node }: Names): Promise<void> {
  await inTurn(
    router,
    enable("all"),
    enable("default"),
    "sysctl -qw net.ipv6.conf.all.forwarding=1",
    `ip link add trap type veth peer name eth0 netns ${trap}`,
    `ip address add ${TRAP.gateway}/24 dev trap`,
    ...Object.entries(NETWORKS).flatMap(([link, network]) => [
      enable(link),
      add(link, sixth(network, "1")),
    ]),
    "ip link set trap up",
    `ip route add default via ${TRAP.address}`,
    `ip -6 route add default via ${sixth(NETWORKS.trap, "10")}`,
  );
  const host = (network: number) => [
    ...["all", "default", "lo", "eth0"].map(enable),
    add("eth0", sixth(network, "10")),
  ];
  await inTurn(node, ...host(NETWORKS[TO_NODE]), route(NETWORKS[TO_NODE]));
  // Its connections are not to look like a relay's.
  await inTurn(
    client,
    ...host(NETWORKS.client),
    route(NETWORKS.client),
    "sysctl -qw net.ipv4.ip_local_port_range=10000\t19999",
  );
  await inTurn(
    trap,
    "ip link set lo up",
    "ip link set eth0 up",
    ...host(NETWORKS.trap),
    `ip address add ${TRAP.address}/24 dev eth0`,
    `ip route add 18.184.0.0/16 via ${TRAP.gateway}`,
    `ip -6 route add 2600:1f14::/32 via ${sixth(NETWORKS.trap, "1")}`,
    // Behind the routes above: what is nobody else's is its own.
    "ip route add local 0.0.0.0/0 dev lo table main",
    "ip -6 route add local ::/0 dev lo table main",
  );
}
