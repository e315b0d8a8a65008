/** What a node's firewall lets through, as views of the port table: data for security group rules. */
import type { PortRange, PortRow } from "../turn/ports.ts";

/** One rule, for every IPv4 address on the other side. Ports are inclusive at both ends. */
export interface FirewallRule extends PortRange {
  /** Names the rule's resource. */
  readonly name: string;
  readonly protocol: PortRow["protocol"];
  /** At most 255 of the characters that EC2 takes (IpRange of its API reference): no apostrophe among them. */
  readonly description: string;
}

/** One rule for each public row; a row inside another comes in through its parent's, and nothing else comes in. */
export const ingressRules = (ports: readonly PortRow[]): FirewallRule[] =>
  ports
    .filter((it) => it.exposure === "public" && it.within === undefined)
    .map(({ name, protocol, from, to, purpose }) => ({
      name,
      protocol,
      from,
      to,
      description: purpose,
    }));

const tcpTo = (name: string, port: number, description: string): FirewallRule => ({
  name,
  protocol: "tcp",
  from: port,
  to: port,
  description,
});

/**
 * What a node may begin by itself. UDP is one rule over every port, so that EC2 does not track media flows
 * (untracked are those that a rule lets out to, and back from, every address and port: EC2 User Guide,
 * "Untracked connections"); DNS and NTP lie inside it.
 */
export const EGRESS_RULES: readonly FirewallRule[] = [
  {
    name: "udp",
    protocol: "udp",
    from: 0,
    to: 65_535,
    description: "media and relayed packets; DNS and NTP",
  },
  tcpTo("https", 443, "AWS, image registries and the certificate authority"),
  tcpTo("http", 80, "package repositories and certificate chains"),
  tcpTo("dns", 53, "DNS answers too long for UDP"),
];
