import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { defaultSecurityGroupClosed } from "../../../../policy/rules/aws/defaultSecurityGroupClosed.ts";
import { egressLimited } from "../../../../policy/rules/aws/egressLimited.ts";
import { firewallDescriptions } from "../../../../policy/rules/aws/firewallDescriptions.ts";
import { noPublicManagementPorts } from "../../../../policy/rules/aws/noPublicManagementPorts.ts";
import { onlyPlannedPublicPorts } from "../../../../policy/rules/aws/onlyPlannedPublicPorts.ts";
import { publicPortsBounded } from "../../../../policy/rules/aws/publicPortsBounded.ts";
import { securityGroupAttached } from "../../../../policy/rules/aws/securityGroupAttached.ts";
import { vpcFlowLogs } from "../../../../policy/rules/aws/vpcFlowLogs.ts";
import type { Resource } from "../../../../policy/rule.ts";
import {
  atPreview,
  messages,
  type Props,
  resource,
  UNKNOWN_AT_PREVIEW,
} from "../../../support/policy.ts";
import { describeRule } from "../../../support/ruleTable.ts";

const group = resource("aws:ec2/securityGroup:SecurityGroup", { description: "the node" });
const elsewhere = resource(
  "aws:ec2/securityGroup:SecurityGroup",
  { description: "another" },
  { name: "elsewhere" },
);

interface RuleProps {
  readonly ipProtocol?: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly cidrIpv4?: string;
  readonly cidrIpv6?: string;
  readonly referencedSecurityGroupId?: string;
  readonly description?: string;
}

/** A rule of a group, named by what it opens. */
const rule = (kind: "Ingress" | "Egress", props: RuleProps, of = group): Resource =>
  resource(
    `aws:vpc/securityGroup${kind}Rule:SecurityGroup${kind}Rule`,
    { ipProtocol: "tcp", ...props },
    {
      name: [props.ipProtocol ?? "tcp", props.fromPort, props.cidrIpv4 ?? props.cidrIpv6].join("-"),
      dependencies: { securityGroupId: [of] },
    },
  );
const ingress = (fromPort: number, cidrIpv4: string, toPort = fromPort) =>
  rule("Ingress", { fromPort, toPort, cidrIpv4 });
const udp = (fromPort: number, toPort: number, kind: "Ingress" | "Egress" = "Ingress") =>
  rule(kind, { ipProtocol: "udp", fromPort, toPort, cidrIpv4: "0.0.0.0/0" });
const egress = (port: number, cidrIpv4 = "0.0.0.0/0") =>
  rule("Egress", { fromPort: port, toPort: port, cidrIpv4 });
const inline = (rows: Props) =>
  resource("aws:ec2/securityGroup:SecurityGroup", rows, { name: "inline" });
const old = (props: Props) =>
  resource("aws:ec2/securityGroupRule:SecurityGroupRule", {
    type: "ingress",
    protocol: "tcp",
    securityGroupId: "sg-1",
    ...props,
  });

const offices = (entries: readonly string[]) =>
  resource("aws:ec2/managedPrefixList:ManagedPrefixList", {
    id: "pl-1",
    entries: entries.map((cidr) => ({ cidr })),
  });
const fromList = (props: Props, dependencies: Readonly<Record<string, readonly Resource[]>> = {}) =>
  resource(
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    { ipProtocol: "tcp", fromPort: 22, toPort: 22, securityGroupId: "sg-1", ...props },
    { dependencies },
  );

const EVERYTHING = { ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" };

describeRule(noPublicManagementPorts, {
  passes: {
    "SSH from one address": ingress(22, "198.51.100.7/32"),
    "SSH from a private network": ingress(22, "10.0.0.0/8"),
    "SSH from all private networks at once": [
      ingress(22, "10.0.0.0/8"),
      ingress(22, "172.16.0.0/12"),
      ingress(22, "192.168.0.0/16"),
      ingress(22, "100.64.0.0/10"),
    ],
    "HTTPS from everywhere": ingress(443, "0.0.0.0/0"),
    "SSH out to everywhere": rule("Egress", { fromPort: 22, toPort: 22, cidrIpv4: "0.0.0.0/0" }),
    "two networks that only together are wide, of two groups": [
      ingress(22, "8.0.0.0/8"),
      rule("Ingress", { fromPort: 22, toPort: 22, cidrIpv4: "9.0.0.0/8" }, elsewhere),
    ],
    "SSH from another group": rule("Ingress", {
      fromPort: 22,
      toPort: 22,
      referencedSecurityGroupId: "sg-1",
    }),
    "ping from everywhere": rule("Ingress", {
      ipProtocol: "icmp",
      fromPort: 8,
      toPort: -1,
      cidrIpv4: "0.0.0.0/0",
    }),
    "SSH from a list of offices": [
      offices(["198.51.100.0/24"]),
      fromList({ prefixListId: "pl-1" }),
    ],
    "SSH from a list that is not of the stack": [
      offices(["0.0.0.0/0"]),
      fromList({ prefixListId: "pl-2" }),
    ],
    "a range beside it": ingress(23, "198.51.100.0/24", 8_000),
    "a port that is not asked for": { of: ingress(22, "0.0.0.0/0"), config: { ports: [3389] } },
    "sources that are not known yet": atPreview(
      rule("Ingress", { fromPort: 22, toPort: 22, cidrIpv4: UNKNOWN_AT_PREVIEW }),
    ),
    "a group whose rules are not known yet": atPreview(inline({ ingress: UNKNOWN_AT_PREVIEW })),
  },
  fails: {
    "SSH from everywhere": [
      ingress(22, "0.0.0.0/0"),
      "tcp-22-0.0.0.0/0: opens port 22 to the public: tcp 22 from 0.0.0.0/0 (tcp-22-0.0.0.0/0) - close it",
    ],
    "SSH from a list of everything": [
      [offices(["0.0.0.0/1", "128.0.0.0/1"]), fromList({ prefixListId: "pl-1" })],
      "tcp 22 from 0.0.0.0/1",
    ],
    "SSH from a list that entries make everything": [
      [
        offices([]),
        resource(
          "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry",
          { cidr: "0.0.0.0/0" },
          { dependencies: { prefixListId: [offices([])] } },
        ),
        fromList({}, { prefixListId: [offices([])] }),
      ],
      "tcp 22 from 0.0.0.0/0",
    ],
    "Windows' desktop from everywhere": [ingress(3389, "0.0.0.0/0"), "opens port 3389"],
    "two ports within a range": [ingress(3300, "0.0.0.0/0", 3400), "opens ports 3306, 3389"],
    "SSH from everywhere over IPv6": [
      rule("Ingress", { fromPort: 22, toPort: 22, cidrIpv6: "::/0" }),
      "tcp 22 from ::/0",
    ],
    "SSH from the world in halves": [
      [ingress(22, "0.0.0.0/1"), ingress(22, "128.0.0.0/1")],
      "tcp 22 from 0.0.0.0/1 (tcp-22-0.0.0.0/1), 128.0.0.0/1 (tcp-22-128.0.0.0/1)",
    ],
    "SSH from one half of the world": [ingress(22, "0.0.0.0/1"), "opens port 22"],
    "SSH from halves of IPv6": [
      [
        rule("Ingress", { fromPort: 22, toPort: 22, cidrIpv6: "::/1" }),
        rule("Ingress", { fromPort: 22, toPort: 22, cidrIpv6: "8000::/1" }),
      ],
      "opens port 22",
    ],
    "two networks in ranges that meet at the port, and only there are wide": [
      [ingress(20, "8.0.0.0/8", 22), ingress(22, "9.0.0.0/8", 30)],
      "tcp 22 from 8.0.0.0/8 (tcp-20-8.0.0.0/8), 9.0.0.0/8 (tcp-22-9.0.0.0/8)",
    ],
    "every protocol from everywhere": [
      rule("Ingress", EVERYTHING),
      "every protocol from 0.0.0.0/0",
    ],
    "one network by a rule, and the next by a rule for every protocol": [
      [ingress(22, "8.0.0.0/8"), rule("Ingress", { ipProtocol: "-1", cidrIpv4: "9.0.0.0/8" })],
      "opens port 22",
    ],
    "a rule within the group": [
      inline({
        ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] }],
      }),
      "inline: opens port 22",
    ],
    "halves within one rule of the group": [
      inline({
        ingress: [
          { protocol: "6", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/1", "128.0.0.0/1"] },
        ],
      }),
      "0.0.0.0/1 (inline), 128.0.0.0/1 (inline)",
    ],
    "halves in rules of the old kind, by the group's id": [
      [
        old({ fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/1"] }),
        old({ fromPort: 22, toPort: 22, cidrBlocks: ["128.0.0.0/1"] }),
      ],
      "opens port 22",
    ],
    "a rule of the old kind over IPv6": [
      old({ fromPort: 0, toPort: 65_535, ipv6CidrBlocks: ["::/0"] }),
      "opens ports 22, 23",
    ],
    "Docker's port over UDP": [udp(2375, 2376), "opens ports 2375, 2376"],
  },
});

describeRule(onlyPlannedPublicPorts, {
  passes: {
    "every planned port": [
      ...[80, 443, 5349, 7881].map((port) => ingress(port, "0.0.0.0/0")),
      udp(443, 443),
      udp(50_000, 60_000),
    ],
    "a part of a planned range": udp(50_100, 50_200),
    "another port from one address": ingress(9090, "198.51.100.7/32"),
    "another port where it is planned": {
      of: ingress(8443, "0.0.0.0/0"),
      config: { publicPorts: ["8440-8442/tcp", "8443/tcp"] },
    },
    "ping where it is planned": {
      of: rule("Ingress", { ipProtocol: "icmp", fromPort: -1, toPort: -1, cidrIpv4: "0.0.0.0/0" }),
      config: { publicPorts: ["icmp"] },
    },
  },
  fails: {
    "an unplanned port": [
      ingress(7880, "0.0.0.0/0"),
      "opens tcp 7880 to the public, which is not planned",
    ],
    "TURN's port with the other protocol": [udp(5349, 5349), "opens udp 5349 to the public"],
    "a range that goes beyond": [udp(49_999, 60_001), "opens udp 49999, 60001 to the public"],
    "every protocol": [
      rule("Ingress", EVERYTHING),
      "opens every protocol and port to the public: every protocol from 0.0.0.0/0",
    ],
    "every protocol, though all ports are planned": [
      { of: rule("Ingress", EVERYTHING), config: { publicPorts: ["0-65535/tcp", "0-65535/udp"] } },
      "opens every protocol",
    ],
    "a protocol without ports": [
      rule("Ingress", { ipProtocol: "47", cidrIpv4: "0.0.0.0/0" }),
      "opens protocol 47 to the public",
    ],
    "ping over IPv6 where only IPv4's is planned": [
      {
        of: rule("Ingress", { ipProtocol: "58", fromPort: -1, toPort: -1, cidrIpv6: "::/0" }),
        config: { publicPorts: ["icmp"] },
      },
      "opens icmpv6 to the public",
    ],
  },
});

describeRule(publicPortsBounded, {
  passes: {
    "the dynamic ports": udp(49_152, 65_535),
    "two rows with a port between them": [udp(20_000, 30_000), udp(30_002, 40_000)],
    "every port from a private network": ingress(0, "10.0.0.0/8", 65_535),
    ping: rule("Ingress", { ipProtocol: "icmp", fromPort: -1, toPort: -1, cidrIpv4: "0.0.0.0/0" }),
  },
  fails: {
    "one port more": [udp(49_151, 65_535), "opens more to the public than any service needs"],
    "every port": [ingress(0, "0.0.0.0/0", 65_535), "tcp 0-65535 from 0.0.0.0/0"],
    "every port, cut into rules": [
      [0, 16_384, 32_768, 49_152].map((from) => udp(from, from + 16_383)),
      "udp 0-65535 from 0.0.0.0/0",
    ],
    "a rule without ports": [rule("Ingress", { cidrIpv4: "0.0.0.0/0" }), "tcp 0-65535"],
    "every protocol": [rule("Ingress", EVERYTHING), "every protocol"],
    "more than a stack's own bound": [
      { of: udp(50_000, 50_100), config: { maxPorts: 100 } },
      "open at most 100 ports",
    ],
  },
});

describeRule(egressLimited, {
  passes: {
    "UDP to everywhere": udp(0, 65_535, "Egress"),
    "HTTPS, HTTP and DNS": [egress(443), egress(80), egress(53)],
    "everything within a private network": rule("Egress", {
      ipProtocol: "-1",
      cidrIpv4: "10.0.0.0/16",
    }),
    "everything in from everywhere": rule("Ingress", EVERYTHING),
    "mail where it is allowed": { of: egress(587), config: { allowed: ["587/tcp"] } },
  },
  fails: {
    everything: [
      rule("Egress", EVERYTHING),
      "lets out everything to anywhere: every protocol to 0.0.0.0/0",
    ],
    "everything in halves": [
      [
        rule("Egress", { ipProtocol: "-1", cidrIpv4: "0.0.0.0/1" }),
        rule("Egress", { ipProtocol: "-1", cidrIpv4: "128.0.0.0/1" }),
      ],
      "every protocol to 0.0.0.0/1 (-1--0.0.0.0/1), 128.0.0.0/1",
    ],
    mail: [egress(25), "lets out tcp 25 to anywhere"],
    "all TCP": [
      rule("Egress", { fromPort: 0, toPort: 65_535, cidrIpv6: "::/0" }),
      "lets out tcp 0-52, 54-79, 81-442, 444-65535 to anywhere",
    ],
    "a group as the EC2 console makes it": [
      inline({ egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }] }),
      "inline: lets out everything",
    ],
  },
});

const said = { description: "TURN over TLS" };

describeRule(firewallDescriptions, {
  passes: {
    "a group that says so": group,
    "a rule that says so": rule("Ingress", said),
    "rules within a group": inline({ description: "node", ingress: [said], egress: [said] }),
    "a text that is not known yet": atPreview(rule("Egress", { description: UNKNOWN_AT_PREVIEW })),
    "the default group, which cannot say": resource(
      "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
      {},
    ),
  },
  fails: {
    "a group without a word": [
      inline({}),
      "inline: does not say what it is for: description is not set",
    ],
    "a provider's own words": [
      inline({ description: "Managed by Pulumi" }),
      'description is "Managed by Pulumi"',
    ],
    blanks: [rule("Ingress", { description: " " }), 'description is " "'],
    "a rule out": [rule("Egress", {}), "description is not set"],
    "a rule of the old kind": [old({}), "description is not set"],
    "the second rule within a group": [
      inline({ description: "node", ingress: [said, {}] }),
      "ingress[1].description is not set - set ingress[1].description",
    ],
  },
});

const user = (on: Resource, type = "aws:ec2/instance:Instance") =>
  resource(type, {}, { dependencies: { vpcSecurityGroupIds: [on] } });

describeRule(securityGroupAttached, {
  passes: {
    "a group of an instance": [group, user(group)],
    "a group that is named by its id": [
      inline({ id: "sg-1" }),
      resource("aws:ec2/instance:Instance", { vpcSecurityGroupIds: ["sg-1"] }),
    ],
    "no group": [],
  },
  fails: {
    "a group alone": [group, "SecurityGroup: is not attached to anything"],
    "a group that only its own rules name": [
      [group, ingress(443, "0.0.0.0/0"), rule("Egress", {})],
      "SecurityGroup: is not attached to anything",
    ],
    "a group beside the one in use": [
      [group, elsewhere, user(group)],
      "elsewhere: is not attached",
    ],
    "a group that a component alone names": [
      [group, user(group, "turnkey:aws:Node")],
      "SecurityGroup: is not attached to anything",
    ],
  },
});

const vpc = resource("aws:ec2/vpc:Vpc", {}, { name: "vpc" });
const ofVpc = (type: string, props: Props = {}) =>
  resource(type, props, { dependencies: { vpcId: [vpc] } });
const closed = (props: Props = {}) =>
  ofVpc("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", props);

describeRule(defaultSecurityGroupClosed, {
  passes: {
    "a VPC whose default group has no rules": [vpc, closed({ ingress: [], egress: [] })],
    "one that does not speak of rules": [vpc, closed()],
    "rules that are not known at preview": [
      vpc,
      atPreview(closed({ ingress: UNKNOWN_AT_PREVIEW })),
    ],
    "a default group by the VPC's id": [
      resource("aws:ec2/vpc:Vpc", { id: "vpc-1" }),
      resource("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", { vpcId: "vpc-1" }),
    ],
  },
  fails: {
    "a VPC alone": [vpc, "vpc: leaves its default security group open"],
    "a default group of another VPC": [
      [vpc, resource("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", { vpcId: "vpc-9" })],
      "vpc: leaves its default security group open",
    ],
    "a rule in": [[vpc, closed({ ingress: [{}] })], "ingress has 1 rule - leave ingress out"],
    "rules out": [[vpc, closed({ egress: [{}, {}] })], "egress has 2 rules"],
  },
});

describeRule(vpcFlowLogs, {
  passes: {
    "a VPC with flow logs": [vpc, ofVpc("aws:ec2/flowLog:FlowLog")],
    "no VPC": [resource("aws:ec2/flowLog:FlowLog", {})],
  },
  fails: {
    "a VPC without": [vpc, "vpc: keeps no flow logs"],
    "flow logs of one subnet": [
      [vpc, resource("aws:ec2/flowLog:FlowLog", {}, { dependencies: { subnetId: [vpc] } })],
      "vpc: keeps no flow logs",
    ],
  },
});

/** Blocks of a family that are together everything: one is halved again and again. */
const cuts = fc.array(fc.nat(), { maxLength: 12 });
const blocks = (choices: readonly number[], bits: number) =>
  choices.reduce<readonly { first: bigint; length: number }[]>(
    (list, choice) => {
      const at = choice % list.length;
      const it = list[at];
      if (!it || it.length === bits) return list;
      const half = {
        first: it.first + (1n << BigInt(bits - it.length - 1)),
        length: it.length + 1,
      };
      return [...list.slice(0, at), { ...it, length: it.length + 1 }, half, ...list.slice(at + 1)];
    },
    [{ first: 0n, length: 0 }],
  );
const ipv4 = ({ first, length }: { first: bigint; length: number }) =>
  `${[24n, 16n, 8n, 0n].map((shift) => (first >> shift) & 255n).join(".")}/${length}`;
const ipv6 = ({ first, length }: { first: bigint; length: number }) =>
  `${Array.from({ length: 8 }, (_, at) => ((first >> BigInt(112 - 16 * at)) & 0xffffn).toString(16)).join(":")}/${length}`;

describe("the world, cut into any blocks", () => {
  test("is found, however it is cut and spread over rules", () => {
    fc.assert(
      fc.property(cuts, fc.boolean(), fc.integer({ min: 1, max: 22 }), (choices, isIpv6, from) => {
        const rules = blocks(choices, isIpv6 ? 128 : 32).map((it) =>
          rule("Ingress", {
            fromPort: from,
            toPort: 22,
            ...(isIpv6 ? { cidrIpv6: ipv6(it) } : { cidrIpv4: ipv4(it) }),
          }),
        );
        expect(messages(noPublicManagementPorts, rules)).toHaveLength(1);
      }),
      { numRuns: 60 },
    );
  });

  test("is found with one of its blocks left out, unless that was nearly all of it", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 4, maxLength: 12 }), (choices) => {
        const all = blocks(choices, 32);
        const [widest, ...others] = all.toSorted((a, b) => a.length - b.length);
        const rest = all.filter((it) => it !== others.at(-1));
        expect(widest?.length).toBeLessThan(8);
        expect(
          messages(
            noPublicManagementPorts,
            rest.map((it) => ingress(22, ipv4(it))),
          ),
        ).toHaveLength(1);
      }),
      { numRuns: 60 },
    );
  });

  test("does not come together out of different ports", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 1000 }), (port) => {
        const rules = [ingress(22, "198.51.100.0/24"), ingress(port, "0.0.0.0/0")];
        expect(messages(noPublicManagementPorts, rules)).toHaveLength(
          [111, 135, 139, 445].includes(port) ? 1 : 0,
        );
      }),
    );
  });
});

test("what goes beyond planned ports is exactly what is told", () => {
  const port = fc.integer({ min: 1, max: 200 });
  const span = fc.tuple(port, port).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  fc.assert(
    fc.property(span, fc.array(span, { maxLength: 4 }), ([from, to], planned) => {
      const within = (it: number) => planned.some(([first, last]) => first <= it && it <= last);
      const beyond = Array.from({ length: to - from + 1 }, (_, at) => from + at).filter(
        (it) => !within(it),
      );
      const config = { publicPorts: planned.map(([first, last]) => `${first}-${last}/udp`) };
      const [message] = messages(onlyPlannedPublicPorts, udp(from, to), config);
      const told = (/opens udp ([\d, -]+) to/.exec(message ?? "")?.[1] ?? "")
        .split(", ")
        .filter(Boolean)
        .flatMap((it) => {
          const [first = 0, last = first] = it.split("-").map(Number);
          return Array.from({ length: last - first + 1 }, (_, at) => first + at);
        });
      expect(told).toEqual(beyond);
    }),
  );
});
