import { expect, test } from "@jest/globals";
import { hasNetwork, type Interfaces } from "../../verify/networkHere.ts";

const lo = [
  { internal: true, family: "IPv4" },
  { internal: true, family: "IPv6" },
] as const;

test.each<[string, Interfaces, boolean]>([
  ["loopback alone", { lo }, false],
  ["no interface", {}, false],
  ["Wi-Fi", { lo, wlan0: [{ internal: false, family: "IPv4" }] }, true],
  ["a network of IPv6 alone", { lo, eth0: [{ internal: false, family: "IPv6" }] }, false],
])("with %s a WebRTC client gathers: %o -> %s", (_what, interfaces, wanted) =>
  expect(hasNetwork(interfaces)).toBe(wanted),
);
