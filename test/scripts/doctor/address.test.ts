import { expect, test } from "@jest/globals";
import { address, addressFindings } from "../../../scripts/doctor/checks/address.ts";
import { contextWith } from "./context.ts";

const up = "npm run up deploys it for the address of now";

test.each([
  [
    "still here",
    "192.168.1.5",
    "192.168.1.5",
    ["127.0.0.1", "192.168.1.5"],
    "ok",
    "is on this machine",
  ],
  [
    "gone",
    "192.168.1.5",
    "192.168.1.9",
    ["127.0.0.1", "192.168.1.9", "fe80::1"],
    "problem",
    "no more; it has 192.168.1.9",
  ],
  ["gone with the network", "192.168.1.5", "127.0.0.1", ["127.0.0.1"], "problem", "no more"],
  [
    "here, and another planned",
    "127.0.0.1",
    "192.168.1.9",
    ["127.0.0.1", "192.168.1.9"],
    "warning",
    "would take 192.168.1.9",
  ],
])("an address that is %s", (_what, deployed, planned, here, level, text) => {
  const findings = addressFindings({ deployed, planned, here, up });
  expect(findings).toEqual([
    expect.objectContaining({ level, text: expect.stringContaining(text) }),
  ]);
  expect(level === "ok" || findings.every((it) => "mend" in it && it.mend === up)).toBe(true);
});

const deployedAs = (turnHost: string, nodeAddress: string) =>
  contextWith({
    record: async () => ({
      resources: 1,
      pending: [],
      outputs: {
        apiUrl: `http://${nodeAddress}:1`,
        livekitUrl: `ws://${nodeAddress}:1`,
        nodeAddress,
        iceUrls: [`turn:${turnHost}:443?transport=udp`],
        ports: [],
        caCertificate: "",
        containers: {},
      },
    }),
  });

test("this machine's own addresses are looked up", async () => {
  expect(await address.run(deployedAs("127.0.0.1", "127.0.0.1"))).toMatchObject([{ level: "ok" }]);
  expect(await address.run(deployedAs("192.0.2.77", "192.0.2.77"))).toMatchObject([
    { level: "problem" },
  ]);
});

test("a name in the TURN URLs must lead to the node", async () => {
  expect(await address.run(deployedAs("localhost", "127.0.0.1"))).toMatchObject([
    { level: "ok" },
    { level: "ok", text: "localhost is 127.0.0.1" },
  ]);
  expect(await address.run(deployedAs("turn.invalid", "127.0.0.1"))).toMatchObject([
    { level: "ok" },
    { level: "problem", text: "the name turn.invalid in the TURN URLs is not found" },
  ]);
});
