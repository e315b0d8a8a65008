/** What stands between the node and the internet, as nftables: EC2's one-to-one NAT and the security group. */
import { EGRESS_RULES, type FirewallRule, ingressRules } from "../../../plan/firewallRules.ts";
import type { PortRow } from "../../../turn/ports.ts";
import { NETWORK, type Place, WORLD } from "./places.ts";

/** The router's interface towards its nodes: a bridge. */
export const TO_NODE = "node";

const matches = ({ protocol, from, to }: FirewallRule) => `${protocol} dport ${from}-${to}`;
const chain = (name: string, lines: readonly string[]) =>
  `  chain ${name} {\n${lines.map((it) => `    ${it}\n`).join("")}  }\n`;

/** A chain that gives back what a rule lets through, and counts the rest as it drops it. */
const group = (name: string, rules: readonly FirewallRule[]) =>
  `  counter ${name} {}\n` +
  chain(name, [...rules.map((it) => `${matches(it)} return`), `counter name ${name} drop`]);

/** The names of the counters of what the security group dropped. */
export type Refused = "ingress" | "egress";

const element = (map: string, key: string, value: string) =>
  `add element ip rig ${map} { ${key} : ${value} }\n`;

/** What makes these the nodes' addresses in place of others, at once. */
export const addressRules = (places: readonly Place[]): string =>
  [
    "flush map ip rig private_of\n",
    "flush map ip rig public_of\n",
    ...places.flatMap((it) => [
      element("private_of", it.public, it.private),
      element("public_of", it.private, it.public),
    ]),
  ].join("");

/**
 * The ruleset for nodes with these rows of the port table. What a node sends to its own public address comes
 * back to it, through both directions of the group and with that address as its sender.
 */
export const routerRules = (ports: readonly PortRow[], places: readonly Place[]): string =>
  `flush ruleset\ntable ip rig {\n${[
    ...["private_of", "public_of"].map((it) => `  map ${it} { type ipv4_addr : ipv4_addr; }\n`),
    group("ingress", ingressRules(ports)),
    group("egress", EGRESS_RULES),
    chain("in", [
      "type nat hook prerouting priority dstnat",
      "dnat to ip daddr map @private_of",
      // EC2's resolver is no matter of the security group.
      `iifname ${TO_NODE} ip daddr ${NETWORK.resolver} meta mark set 1 dnat to ${WORLD.dns}`,
    ]),
    chain("out", ["type nat hook postrouting priority srcnat", "snat to ip saddr map @public_of"]),
    chain("through", [
      "type filter hook forward priority filter",
      "ct state established,related accept",
      "meta mark 1 accept",
      `iifname ${TO_NODE} jump egress`,
      `oifname ${TO_NODE} jump ingress`,
    ]),
  ].join("")}}\n${addressRules(places)}`;
