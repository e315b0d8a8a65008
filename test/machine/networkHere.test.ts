import { expect, test } from "@jest/globals";
import { defaultInterface, networkHere } from "../../machine/networkHere.ts";

const HEAD =
  "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";
const route = (name: string, destination: string, flags: string, metric: number, mask: string) =>
  `${name}\t${destination}\t0101A8C0\t${flags}\t0\t0\t${metric}\t${mask}\t0\t0\t0   \n`;
const viaWlan = route("wlan0", "00000000", "0003", 600, "00000000");
const viaCable = route("eth0", "00000000", "0003", 100, "00000000");

test.each([
  ["the only default route", viaWlan, "wlan0"],
  ["the default route with the least metric", viaWlan + viaCable, "eth0"],
  ["no route to a network of its own", route("eth0", "0001A8C0", "0001", 0, "00FFFFFF"), undefined],
  ["no route that is down", route("eth0", "00000000", "0002", 0, "00000000"), undefined],
  [
    "none of half of all addresses, as VPNs make",
    route("tun0", "00000000", "0003", 0, "00000080") + viaWlan,
    "wlan0",
  ],
  ["none at all", "", undefined],
])("the interface of the default route is that of %s", (_which, routes, name) => {
  expect(defaultInterface(HEAD + routes)).toBe(name);
});

test("this machine has its loopback address among others", () => {
  expect(networkHere().addresses).toContainEqual(
    expect.objectContaining({ address: "127.0.0.1", prefixLength: 8 }),
  );
});
