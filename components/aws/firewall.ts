import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { EGRESS_RULES, type FirewallRule, ingressRules } from "../../plan/firewallRules.ts";
import type { PortRow } from "../../turn/ports.ts";

export interface FirewallArgs {
  readonly vpcId: pulumi.Input<string>;
  /** The plan's port table. */
  readonly ports: readonly PortRow[];
  readonly tags: Readonly<Record<string, string>>;
}

/** IPv4 only: LiveKit's TURN relays nothing else unless it is bound to an IPv6 address too. */
const EVERYWHERE = "0.0.0.0/0";

/** Lets in what the port table calls public, and out what a node needs. */
export class Firewall extends pulumi.ComponentResource {
  readonly securityGroupId: pulumi.Output<string>;
  /** Settled once every rule is there. */
  readonly ready: pulumi.Output<unknown>;

  constructor(name: string, args: FirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:aws:Firewall", name, {}, opts);
    const { vpcId, ports, tags } = args;
    const group = new aws.ec2.SecurityGroup(
      `${name}-group`,
      { vpcId, description: "Turnkey node: the port table", tags: { ...tags, Name: name } },
      { parent: this },
    );
    const rule = (role: string, it: FirewallRule) => ({
      securityGroupId: group.id,
      ipProtocol: it.protocol,
      fromPort: it.from,
      toPort: it.to,
      cidrIpv4: EVERYWHERE,
      description: it.description,
      tags: { ...tags, Name: `${name}-${role}-${it.name}` },
    });
    const rules = [
      ...ingressRules(ports).map(
        (it) =>
          new aws.vpc.SecurityGroupIngressRule(`${name}-in-${it.name}`, rule("in", it), {
            parent: this,
          }),
      ),
      ...EGRESS_RULES.map(
        (it) =>
          new aws.vpc.SecurityGroupEgressRule(`${name}-out-${it.name}`, rule("out", it), {
            parent: this,
          }),
      ),
    ];
    this.securityGroupId = group.id;
    this.ready = pulumi.all(rules.map((it) => it.id));
    this.registerOutputs({ securityGroupId: this.securityGroupId });
  }
}
