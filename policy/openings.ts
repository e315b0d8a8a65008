/** What security groups let through, whichever of the three ways it is declared in. */
import { isAttachedTo } from "./attachedTo.ts";
import { type AddressRange, parseCidr } from "./cidr.ts";
import { itemsOf, peek, textsOf } from "./known.ts";
import { ALL_PORTS, type PortSpan, type Protocol } from "./ports.ts";
import type { Resource } from "./rule.ts";

export type Direction = "ingress" | "egress";

export interface Opening {
  /** What declares it. */
  readonly resource: Resource;
  /** The security group: its URN where the program makes it, else its id. */
  readonly group: string;
  readonly direction: Direction;
  /** `all`, or a number that AWS has no name for, where it is not one of ours. */
  readonly protocol: Protocol | "all" | (string & {});
  readonly ports: PortSpan;
  /** In CIDR notation. */
  readonly cidrs: readonly string[];
  readonly ranges: readonly AddressRange[];
}

export const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
export const DEFAULT_SECURITY_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
export const SECURITY_GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
export const INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
export const EGRESS_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

const PREFIX_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList";
const PREFIX_LIST_ENTRY = "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry";

/** Every opening to addresses; rules for other groups, and for prefix lists that the stack does not make, name none. */
export function openingsOf(resources: readonly Resource[]): readonly Opening[] {
  const lists = prefixLists(resources);
  return resources.flatMap((it) => ofResource(it, lists));
}

function ofResource(resource: Resource, lists: readonly PrefixList[]): readonly Opening[] {
  const { type, props, urn } = resource;
  switch (type) {
    case INGRESS_RULE:
    case EGRESS_RULE:
      return opening(resource, {
        group: groupOf(resource),
        direction: type === INGRESS_RULE ? "ingress" : "egress",
        protocol: peek(props, "ipProtocol"),
        from: props,
        cidrs: [
          ...textsOf(props, "cidrIpv4"),
          ...textsOf(props, "cidrIpv6"),
          ...listedIn(resource, "prefixListId", lists),
        ],
      });
    case SECURITY_GROUP_RULE:
      return opening(resource, {
        group: groupOf(resource),
        direction: peek(props, "type") === "egress" ? "egress" : "ingress",
        protocol: peek(props, "protocol"),
        from: props,
        cidrs: [...blocksOf(props), ...listedIn(resource, "prefixListIds", lists)],
      });
    case SECURITY_GROUP:
    case DEFAULT_SECURITY_GROUP:
      return (["ingress", "egress"] as const).flatMap((direction) =>
        itemsOf(props, direction).flatMap((it) =>
          opening(resource, {
            group: urn,
            direction,
            protocol: peek(it, "protocol"),
            from: it,
            cidrs: blocksOf(it),
          }),
        ),
      );
    default:
      return [];
  }
}

/** A prefix list and the blocks in it. */
interface PrefixList {
  readonly list: Resource;
  readonly cidrs: readonly string[];
}

const prefixLists = (resources: readonly Resource[]): readonly PrefixList[] => {
  const entries = resources.filter(({ type }) => type === PREFIX_LIST_ENTRY);
  return resources
    .filter(({ type }) => type === PREFIX_LIST)
    .map((list) => ({
      list,
      cidrs: [
        ...itemsOf(list.props, "entries").flatMap((it) => textsOf(it, "cidr")),
        ...entries
          .filter((it) => isAttachedTo(it, "prefixListId", list, "id"))
          .flatMap(({ props }) => textsOf(props, "cidr")),
      ],
    }));
};

const listedIn = (rule: Resource, key: string, lists: readonly PrefixList[]) =>
  lists.filter(({ list }) => isAttachedTo(rule, key, list, "id")).flatMap(({ cidrs }) => cidrs);

const blocksOf = (holder: unknown) => [
  ...textsOf(holder, "cidrBlocks"),
  ...textsOf(holder, "ipv6CidrBlocks"),
];

function groupOf({ dependencies, props, urn }: Resource): string {
  const [made] = dependencies["securityGroupId"] ?? [];
  if (made !== undefined) return made;
  const id = peek(props, "securityGroupId");
  return typeof id === "string" ? id : urn;
}

function opening(
  resource: Resource,
  its: {
    readonly group: string;
    readonly direction: Direction;
    readonly protocol: unknown;
    readonly from: unknown;
    readonly cidrs: readonly string[];
  },
): readonly Opening[] {
  const ranges = its.cidrs.flatMap((cidr) => parseCidr(cidr) ?? []);
  if (ranges.length === 0 || typeof its.protocol !== "string") return [];
  const protocol = protocolName(its.protocol);
  const ports = protocol === "tcp" || protocol === "udp" ? portsIn(its.from) : ALL_PORTS;
  const { group, direction, cidrs } = its;
  return [{ resource, group, direction, protocol, ports, cidrs, ranges }];
}

/** AWS takes numbers of IANA's protocol registry as well as names. */
const NAMES: Readonly<Record<string, string>> = {
  "-1": "all",
  "1": "icmp",
  "6": "tcp",
  "17": "udp",
  "58": "icmpv6",
  "ipv6-icmp": "icmpv6",
};

const protocolName = (text: string) => NAMES[text.toLowerCase()] ?? text.toLowerCase();

/** Ports that are not given, or given as -1, are all of them. */
function portsIn(holder: unknown): PortSpan {
  const [from, to] = [peek(holder, "fromPort"), peek(holder, "toPort")];
  return typeof from === "number" && typeof to === "number" && from >= 0 ? { from, to } : ALL_PORTS;
}
