/**
 * An internet of a test's own: this machine is its public side, and homes are behind NATs of their own,
 * each a router and one host in network namespaces.
 */
import { randomBytes } from "node:crypto";
import { inNamespace, ip } from "./networkTools.ts";

/** How a home's router treats UDP, in the words of RFC 4787; docs/nat.md says how Linux does each. */
export type NatKind =
  /** One port outside for one inside, and whoever writes to it gets in: once "full cone". */
  | "open"
  /** One port outside for one inside, but only who was written to gets in: most homes. */
  | "port-restricted"
  /** Another port outside for every destination, and only it gets in: many companies. */
  | "symmetric";

export interface Home {
  /** The host's network namespace. */
  readonly namespace: string;
  /** The router's address on the internet, which is all that others see of the host. */
  readonly address: string;
  /** Makes the router one of that kind, for what the host sends from sockets of its own from now on. */
  become(kind: NatKind): Promise<void>;
}

export interface Internet {
  /** This machine's address on it. */
  readonly address: string;
  readonly homes: readonly [Home, Home];
  remove(): Promise<void>;
}

/** What does something in a namespace, word by word. */
type Command = readonly string[];

/** One after the other, as each needs what is before it. */
async function inTurn(namespace: string, commands: readonly Command[]): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop -- in this order
  for (const it of commands) await inNamespace(namespace, ...it);
}

const link = (...words: Command) => ["ip", "link", ...words];
const onLink = (name: string, address: string): Command[] => [
  ["ip", "address", "add", address, "dev", name],
  link("set", name, "up"),
];

/** Makes it; `prefix` are the first three numbers of its addresses, such as `10.29.0`. */
export async function makeInternet(prefix: string): Promise<Internet> {
  const id = randomBytes(3).toString("hex");
  const namespaces: string[] = [];
  const make = async (role: string) => {
    const name = `turnkey-${role}-${id}`;
    await ip("netns", "add", name);
    namespaces.push(name);
    return name;
  };
  const address = `${prefix}.1`;
  const downlink = `tk-net-${id}`;
  const core = await make("net");
  const plug = (name: string) => [link("set", name, "master", "wire"), link("set", name, "up")];

  // A switch, in a namespace of its own: Docker's firewall judges what crosses one of this machine's.
  await ip("link", "add", downlink, "type", "veth", "peer", "name", "uplink", "netns", core);
  await ip("address", "add", `${address}/24`, "dev", downlink);
  await ip("link", "set", downlink, "up");
  await inTurn(core, [
    link("add", "wire", "type", "bridge"),
    link("set", "wire", "up"),
    ...plug("uplink"),
  ]);

  const makeHome = async (number: number): Promise<Home> => {
    const [router, host] = [await make(`nat${number}`), await make(`host${number}`)];
    const outside = `${prefix}.${10 + number}`;
    const inside = `192.168.${60 + number}`;
    const wire = `home${number}`;
    await inTurn(router, [
      link("add", "wan", "type", "veth", "peer", "name", wire, "netns", core),
      link("add", "lan", "type", "veth", "peer", "name", "eth0", "netns", host),
      ...onLink("wan", `${outside}/24`),
      ...onLink("lan", `${inside}.1/24`),
      ["sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"],
    ]);
    await inTurn(core, plug(wire));
    await inTurn(host, [
      link("set", "lo", "up"),
      ...onLink("eth0", `${inside}.2/24`),
      ["ip", "route", "add", "default", "via", `${inside}.1`],
    ]);
    const become = (kind: NatKind) =>
      inTurn(router, [
        ["nft", "flush ruleset"],
        ...natRules(kind, `${inside}.2`).map((it) => ["nft", it]),
      ]);
    await become("port-restricted");
    return { namespace: host, address: outside, become };
  };

  return {
    address,
    homes: [await makeHome(1), await makeHome(2)],
    // The pairs of interfaces go along.
    remove: async () => void (await Promise.all(namespaces.map((it) => ip("netns", "delete", it)))),
  };
}

/** The router's rules for nft, in order. `host` is the one address inside. */
function natRules(kind: NatKind, host: string): string[] {
  const everyFlowAnew = kind === "symmetric" ? " random,fully-random" : "";
  return [
    "add table ip home",
    "add chain ip home out { type nat hook postrouting priority 100; }",
    `add rule ip home out oifname wan meta l4proto udp masquerade${everyFlowAnew}`,
    "add rule ip home out oifname wan masquerade",
    // What comes unasked vanishes, as on any home's router. Were it answered, Linux would remember the
    // flow, and give what the host then sends the same way another port, as that one is taken.
    "add chain ip home unasked { type filter hook input priority 0; }",
    "add rule ip home unasked iifname wan ct state new drop",
    ...(kind === "open"
      ? [
          "add chain ip home in { type nat hook prerouting priority -100; }",
          `add rule ip home in iifname wan meta l4proto udp dnat to ${host}`,
        ]
      : []),
  ];
}
