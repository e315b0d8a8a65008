import { expect, test } from "@jest/globals";
import { blame, blameText, type Reach } from "../../../scripts/ready/blame.ts";

const labels = {
  nodeTcp: "node:443",
  nodeUdp: "node:443",
  controlTcp: "control:443",
  controlUdp: "time:123",
};
type Row = [
  nodeTcp: Reach["tcp"],
  nodeUdp: Reach["udp"],
  controlTcp: Reach["tcp"],
  controlUdp: Reach["udp"],
  expected: string[],
];

test.each<Row>([
  ["open", "answers", "open", "answers", ["deployment: this network reaches the node"]],
  ["open", "answers", "silent", "silent", ["deployment: this network reaches the node"]],
  ["refused", "answers", "open", "answers", ["deployment: node:443/tcp refuses"]],
  ["silent", "answers", "open", "answers", ["deployment: node:443/tcp does not answer while"]],
  ["silent", "answers", "silent", "answers", ["network: neither node:443/tcp nor control:443/tcp"]],
  ["silent", "answers", "refused", "answers", ["deployment: node:443/tcp does not answer while"]],
  ["open", "silent", "open", "answers", ["deployment: node:443/udp answers no STUN while"]],
  ["open", "silent", "open", "silent", ["network: neither node:443/udp nor time:123/udp"]],
  [
    "silent",
    "silent",
    "open",
    "silent",
    ["deployment: node:443/tcp does not answer", "network: neither node:443/udp"],
  ],
  [
    "silent",
    "silent",
    "silent",
    "silent",
    ["network: neither node:443/tcp", "network: neither node:443/udp"],
  ],
])(
  "node tcp %s udp %s, control tcp %s udp %s",
  (nodeTcp, nodeUdp, controlTcp, controlUdp, expected) => {
    const found = blame(
      { node: { tcp: nodeTcp, udp: nodeUdp }, control: { tcp: controlTcp, udp: controlUdp } },
      labels,
    ).map(({ on, text }) => `${on}: ${text}`);
    expect(found).toHaveLength(expected.length);
    for (const [index, start] of expected.entries())
      expect(found[index]?.slice(0, start.length)).toBe(start);
  },
);

test("people read whose fault it is first", () => {
  expect(
    blameText([
      { on: "network", text: "a" },
      { on: "deployment", text: "b" },
    ]),
  ).toBe("your network: a\nthe deployment: b");
});
