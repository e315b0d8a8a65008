import { describe, expect, test } from "@jest/globals";
import { lanAddress } from "../../machine/lanAddress.ts";
import { LanError } from "../../machine/lanError.ts";
import type { LocalAddress } from "../../machine/networkHere.ts";

const automatic = { address: "automatic" } as const;
const at = (interfaceName: string, cidr: string): LocalAddress => {
  const [address = "", length] = cidr.split("/");
  return { interfaceName, address, prefixLength: Number(length) };
};

const lo = at("lo", "127.0.0.1/8");
const docker = at("docker0", "172.17.0.1/16");
const wlan = at("wlan0", "192.168.1.5/24");
const cable = at("eth0", "10.1.2.3/16");

const choose = (
  addresses: readonly LocalAddress[],
  defaultInterface?: string,
  choice: { address: string } = automatic,
) => lanAddress(choice, { addresses, defaultInterface });

function problem(work: () => unknown): LanError {
  try {
    work();
  } catch (error) {
    if (error instanceof LanError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

describe("the automatic choice", () => {
  test.each([
    ["is the only address of a LAN", [lo, docker, wlan], undefined, "192.168.1.5"],
    ["of several is the one of the default route", [lo, wlan, cable], "eth0", "10.1.2.3"],
    [
      "without a default route takes the usual network of a home",
      [lo, cable, wlan],
      undefined,
      "192.168.1.5",
    ],
    [
      "does not follow a default route into a VPN",
      [lo, at("tun0", "10.8.0.2/24"), wlan],
      "tun0",
      "192.168.1.5",
    ],
    [
      "knows a bridge of Docker from one of the LAN",
      [at("br-0123456789ab", "192.168.9.1/24"), at("br-lan", "192.168.8.1/24")],
      undefined,
      "192.168.8.1",
    ],
    ["leaves out a link-local address", [at("eth1", "169.254.3.4/16"), cable], "eth1", "10.1.2.3"],
    [
      "leaves out an address that carriers share",
      [at("eth1", "100.64.0.9/10"), cable],
      "eth1",
      "10.1.2.3",
    ],
    ["leaves out a public address", [at("eth1", "18.200.1.2/24"), cable], "eth1", "10.1.2.3"],
    [
      "leaves out virtual machines' networks",
      [
        at("vEthernet (WSL)", "172.30.1.1/20"),
        at("VirtualBox Host-Only Network", "192.168.56.1/24"),
        cable,
      ],
      undefined,
      "10.1.2.3",
    ],
  ])("%s", (_claim, addresses, defaultInterface, address) => {
    expect(choose(addresses, defaultInterface).address).toBe(address);
  });

  test("follows the machine to another address", () => {
    expect(choose([lo, wlan], "wlan0").address).toBe("192.168.1.5");
    expect(choose([lo, at("wlan0", "192.168.7.9/24")], "wlan0").address).toBe("192.168.7.9");
  });

  test("comes with the network that the address belongs to", () => {
    expect(choose([cable])).toEqual({ address: "10.1.2.3", subnet: "10.1.0.0/16" });
  });

  test("where none is plain lists those there are, and says how to name one", () => {
    const { what, mend } = problem(() => choose([lo, docker, at("eth0", "18.200.1.2/24")]));
    expect(what).toBe(
      "this machine has no address that is plainly one on a LAN: it has 172.17.0.1 (docker0), 18.200.1.2 (eth0)",
    );
    expect(mend[0]).toContain("npm run up -- --lan=18.200.1.2");
  });

  test("off every network says so, and how to end serving one", () => {
    const { what, mend } = problem(() => choose([lo]));
    expect(what).toContain("it has none but its own loopback");
    expect(mend).toEqual([
      "join a network, then run the same command again",
      "or end serving the LAN: npm run up -- --no-lan",
    ]);
  });
});

describe("an address that is named", () => {
  test.each([
    ["on another network than the default route's", "192.168.1.5", "192.168.1.0/24"],
    ["of a virtual network", "172.17.0.1", "172.17.0.0/16"],
    ["that is public", "18.200.1.2", "18.200.1.0/24"],
  ])("may be one %s", (_what, address, subnet) => {
    const here = [lo, docker, wlan, cable, at("ens5", "18.200.1.2/24")];
    expect(choose(here, "eth0", { address })).toEqual({ address, subnet });
  });

  test.each(["192.168.1.6", "127.0.0.1", "169.254.3.4", "my-laptop"])(
    "may not be %s",
    (address) => {
      const here = [lo, wlan, at("eth1", "169.254.3.4/16")];
      expect(problem(() => choose(here, undefined, { address })).message).toBe(
        `the address to serve the LAN at, ${address}, is not one of this machine: it has 192.168.1.5 (wlan0) - name the one your phone can reach: npm run up -- --lan=192.168.1.5, or take the one it has on the LAN, whichever it is: npm run up -- --lan, or end serving the LAN: npm run up -- --no-lan`,
      );
    },
  );
});
