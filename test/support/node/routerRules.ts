/** What stands between the node and the internet, as nftables: EC2's one-to-one NAT and the security group. */
import { EGRESS_RULES, type FirewallRule, ingressRules } from "../../../plan/firewallRules.ts";
import type { PortRow } from "../../../turn/ports.ts";
import { NETWORK, NODE, WORLD } from "./places.ts";

/** The router's interface towards the node. */
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

/**
 * The ruleset for a node with these rows of the port table. What the node sends to its own public address comes
 * back to it, through both directions of the group and with that address as its sender.
 */
export const routerRules = (ports: readonly PortRow[]): string =>
  `flush ruleset\ntable ip rig {\n${[
    group("ingress", ingressRules(ports)),
    group("egress", EGRESS_RULES),
    chain("in", [
      "type nat hook prerouting priority dstnat",
      `ip daddr ${NODE.public} dnat to ${NODE.private}`,
      // EC2's resolver is no matter of the security group.
      `iifname ${TO_NODE} ip daddr ${NETWORK.resolver} meta mark set 1 dnat to ${WORLD.dns}`,
    ]),
    chain("out", [
      "type nat hook postrouting priority srcnat",
      `ip saddr ${NODE.private} snat to ${NODE.public}`,
    ]),
    chain("through", [
      "type filter hook forward priority filter",
      "ct state established,related accept",
      "meta mark 1 accept",
      `iifname ${TO_NODE} jump egress`,
      `oifname ${TO_NODE} jump ingress`,
    ]),
  ].join("")}}\n`;
