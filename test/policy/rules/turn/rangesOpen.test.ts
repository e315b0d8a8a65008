import { describe, expect, test } from "@jest/globals";
import type { Resource } from "../../../../policy/rule.ts";
import { type Props, resource } from "../../../support/policy.ts";
import {
  complainers,
  complaints,
  container,
  document,
  ingress,
  LIVEKIT_IMAGE,
  livekitYaml,
  media,
  uploads,
} from "../../subjects/samples.ts";

const node = document();
const closed = (...openings: readonly Resource[]) =>
  complaints([node, ...openings]).filter((it) => it.startsWith("turn-ranges-open"));

const small = {
  rtc: { port_range_start: 50_000, port_range_end: 50_009 },
  turn: { relay_range_start: 50_000, relay_range_end: 50_004 },
};
const files = uploads({ "/etc/livekit/livekit.yaml": livekitYaml(small) });
const published = (count: number, changes: Props = {}) =>
  container({
    image: LIVEKIT_IMAGE,
    ports: Array.from({ length: count }, (_, index) => ({
      external: 50_000 + index,
      internal: 50_000 + index,
      ip: "198.51.100.7",
      protocol: "udp",
      ...changes,
    })),
  });

describe("relay and media ports in the firewall", () => {
  test.each<readonly [claim: string, openings: readonly Resource[]]>([
    ["one rule", [media]],
    ["rules that touch", [ingress(50_000, 54_999), ingress(55_000, 60_000)]],
    ["rules that overlap", [ingress(50_000, 58_000), ingress(54_000, 65_535)]],
    [
      "halves of the world",
      [
        ingress(50_000, 60_000, { cidrIpv4: "0.0.0.0/1" }),
        ingress(50_000, 60_000, { cidrIpv4: "128.0.0.0/1" }),
      ],
    ],
    ["every protocol", [ingress(0, 0, { ipProtocol: "-1" })]],
    [
      "a rule in the group",
      [
        resource("aws:ec2/securityGroup:SecurityGroup", {
          ingress: [
            { protocol: "udp", fromPort: 50_000, toPort: 60_000, cidrBlocks: ["0.0.0.0/0"] },
          ],
        }),
      ],
    ],
  ])("are open by %s", (_, openings) => {
    expect(closed(...openings)).toEqual([]);
  });

  test.each<readonly [claim: string, openings: readonly Resource[], gap: string]>([
    ["no rule", [], "of udp 50000-60000 50000-60000 is closed"],
    ["another protocol", [ingress(50_000, 60_000, { ipProtocol: "tcp" })], "50000-60000 is closed"],
    [
      "the way out",
      [{ ...media, type: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule" }],
      "50000-60000 is closed",
    ],
    [
      "half the world",
      [ingress(50_000, 60_000, { cidrIpv4: "0.0.0.0/1" })],
      "50000-60000 is closed",
    ],
    ["a port too few", [ingress(50_000, 59_999)], "60000 is closed"],
    ["a gap", [ingress(50_000, 54_000), ingress(54_002, 60_000)], "54001 is closed"],
    [
      "halves of the world at other ports",
      [
        ingress(50_000, 60_000, { cidrIpv4: "0.0.0.0/1" }),
        ingress(50_000, 59_000, { cidrIpv4: "128.0.0.0/1" }),
      ],
      "59001-60000 is closed",
    ],
  ])("are not open by %s", (_, openings, gap) => {
    expect(closed(...openings).join()).toContain(gap);
  });

  test("are open to clients of a network, where the pack is set so", () => {
    const only = [node, ingress(50_000, 60_000, { cidrIpv4: "10.0.0.0/8" })];
    expect(complainers(only)).toEqual(["turn-ranges-open"]);
    expect(complaints(only, { "turn-ranges-open": { clients: ["10.1.0.0/16"] } })).toEqual([]);
    expect(() => complaints(only, { "turn-ranges-open": { clients: ["10.1/16"] } })).toThrow(
      "must be a CIDR",
    );
  });
});

describe("ports of a container", () => {
  test("are published by the one that shares a volume with its files", () => {
    expect(complaints([files, published(10)])).toEqual([]);
    expect(complaints([files, published(9)]).join()).toContain("packets to media ports are lost");
    expect(complaints([files, published(4)]).join()).toContain("packets to relay ports are lost");
    expect(complainers([files, published(10, { protocol: "tcp" })])).toEqual(["turn-ranges-open"]);
  });

  test("are the machine's own on its network", () => {
    expect(complainers([files, container({ networkMode: "host", ports: [] })])).toEqual([
      "container-host-network",
    ]);
  });
});
