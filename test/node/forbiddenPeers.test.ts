import { describe, expect, test } from "@jest/globals";
import { BlockList, isIPv6 } from "node:net";
import { productionPeers } from "../../plan/peerPolicy.ts";
import {
  destination,
  FORMS,
  peersIn,
  SPECIAL_RANGES,
  written,
} from "../support/node/forbiddenPeers.ts";
import { CELLS, cellOfPort, portOfCell } from "../support/node/forbiddenProbes.ts";
import { readMeter } from "../support/node/trapRules.ts";

describe("peers of a range", () => {
  test("are its first, its middle and its last address, an IPv4 one in every form", () => {
    const peers = peersIn(["192.0.2.0/24"]);
    const native = peers.filter(({ form }) => form === "native").map(({ host }) => host);
    expect(native).toEqual(["192.0.2.0", "192.0.2.128", "192.0.2.255"]);
    expect(peers).toHaveLength(3 * FORMS.length);
  });

  test("of IPv6 are written in full", () => {
    expect(peersIn(["64:ff9b:1::/48"]).map(({ host }) => host)).toEqual([
      "64:ff9b:1:0:0:0:0:0",
      "64:ff9b:1:8000:0:0:0:0",
      "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
    ]);
  });

  test("come once, in however many ranges they lie", () => {
    expect(peersIn(["10.0.0.0/8", "10.0.0.0/16"])).toHaveLength(5 * FORMS.length);
  });
});

test.each([
  ["native", "192.0.2.1"],
  ["mapped", "0:0:0:0:0:ffff:c000:201"],
  ["compatible", "0:0:0:0:0:0:c000:201"],
  ["6to4", "2002:c000:201:0:0:0:0:1"],
  ["NAT64", "64:ff9b:0:0:0:0:c000:201"],
  ["local NAT64", "64:ff9b:1:0:0:0:c000:201"],
  ["Teredo", "2001:0:5db8:d822:0:0:3fff:fdfe"],
] as const)("192.0.2.1 as %s is %s", (form, host) => {
  expect(written("192.0.2.1", form).host).toBe(host);
});

test("a mapped peer is an IPv4 one to the kernel, and nobody's address is one's own", () => {
  const own = "10.77.0.10";
  expect(destination(written("192.0.2.1", "mapped"), own)).toBe("192.0.2.1");
  expect(destination(written("0.0.0.0", "mapped"), own)).toBe(own);
  expect(destination(written("192.0.2.1", "compatible"), own)).toBe("::c000:201");
  expect(destination({ host: "0:0:0:0:0:0:0:0", form: "native" }, own)).toBe("::1");
});

const family = (address: string) => (isIPv6(address) ? "ipv6" : "ipv4");

test("the plan denies what the registries name from end to end, and nothing that they do not", () => {
  const cidrs = productionPeers("10.0.0.0/16").deny;
  expect(cidrs.filter((it) => !SPECIAL_RANGES.includes(it) && it !== "::/96")).toEqual([]);
  const denied = new BlockList();
  for (const [address = "", bits = ""] of cidrs.map((it) => it.split("/")))
    denied.addSubnet(address, Number(bits), family(address));
  const native = peersIn(SPECIAL_RANGES).filter(({ form }) => form === "native");
  expect(native.filter(({ host }) => !denied.check(host, family(host)))).toEqual([]);
});

test("each cell has a port of its own", () => {
  expect(CELLS.map((it) => cellOfPort(portOfCell(it)))).toEqual(CELLS);
});

test("a meter tells what it saw by destination, and nothing as long as it saw nothing", () => {
  const seen = { concat: ["udp", "100.64.0.1", 20_000] };
  const elem = [{ elem: { val: seen, counter: { packets: 2, bytes: 72 } } }];
  const printed = JSON.stringify({ nftables: [{ metainfo: {} }, { set: { elem } }, { set: {} }] });
  expect(readMeter(printed)).toEqual([
    { protocol: "udp", host: "100.64.0.1", port: 20_000, packets: 2 },
  ]);
});
