import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filteredRows, firewallFindings } from "../../../scripts/doctor/checks/firewall.ts";
import { dockerFindings, forwardingFindings } from "../../../scripts/doctor/dockerNetwork.ts";
import { droppedBy } from "../../../scripts/doctor/firewallRules.ts";
import { parseIptables } from "../../../scripts/doctor/iptablesRules.ts";
import { parseNft } from "../../../scripts/doctor/nftRules.ts";
import { tcp, udp } from "../../../turn/ports.ts";
import { devPlan } from "../../support/plans.ts";

const LAN = "192.168.1.5";
const recorded = (name: string) => readFileSync(join(import.meta.dirname, name), "utf8");

/** As `iptables -S` printed rules of the kind that ufw makes. */
const ufw = parseIptables(recorded("ufw.iptables.txt"));
/** As nft 1.0.6 printed a ruleset with `policy drop`. */
const nft = parseNft(recorded("drop.nft.json"));

const packet = (label: string, address = LAN) => {
  const [port, protocol] = label.split("/");
  return {
    port: Number(port),
    protocol: protocol === "udp" ? "udp" : "tcp",
    address,
    loopback: address.startsWith("127."),
  } as const;
};

test.each([
  ["22/tcp", undefined],
  ["7881/tcp", undefined],
  ["50150/udp", undefined],
  // From 10.0.0.0/8 it is let in: no alarm for those it is not meant for.
  ["5349/tcp", undefined],
  ["443/udp", "the policy of INPUT"],
  ["443/tcp", "the policy of INPUT"],
  ["50150/tcp", "the policy of INPUT"],
  ["5353/udp", "the policy of INPUT"],
])("iptables: %s on the LAN is dropped by %s", (label, by) => {
  expect(droppedBy(ufw, packet(label))).toBe(by);
});

test.each([
  ["443/tcp", undefined],
  ["7881/tcp", undefined],
  ["50200/udp", undefined],
  ["443/udp", undefined],
  ["50201/udp", "a rule of inet filter input (handle 13)"],
  ["5349/tcp", "a rule of inet filter input (handle 13)"],
])("nftables: %s on the LAN is dropped by %s", (label, by) => {
  expect(droppedBy(nft, packet(label))).toBe(by);
});

test.each([
  ["iptables", ufw],
  ["nftables", nft],
])("%s: what stays on the loopback interface passes", (_tool, rules) => {
  expect(droppedBy(rules, packet("443/udp", "127.0.0.1"))).toBeUndefined();
});

test("rules that send in circles come to an end", () => {
  const circle = parseIptables("-P INPUT DROP\n-N a\n-N b\n-A INPUT -j a\n-A a -j b\n-A b -j a\n");
  expect(droppedBy(circle, packet("443/tcp"))).toBe("the policy of INPUT");
});

test("an exception of an option turns it round", () => {
  const rules = parseIptables(
    "-P INPUT ACCEPT\n-A INPUT ! -i lo -p tcp -m tcp --dport 9000 -j ACCEPT\n-A INPUT -p tcp ! --dport 22 -j DROP\n",
  );
  expect(droppedBy(rules, packet("22/tcp"))).toBeUndefined();
  expect(droppedBy(rules, packet("443/tcp"))).toBe("-A INPUT -p tcp ! --dport 22 -j DROP");
});

test("every dropped row is told in one finding, with the commands that open it", () => {
  const rows = [
    udp("turn-udp", 443, "TURN"),
    udp("media", { from: 50_100, to: 50_200 }, "media"),
    tcp("ice-tcp", 7_881, "ICE"),
  ];
  expect(firewallFindings([ufw], rows, LAN)).toEqual([
    {
      level: "problem",
      text: "the firewall drops 443/udp (turn-udp) by the policy of INPUT",
      mend: expect.stringMatching(/443/),
    },
  ]);
  expect(firewallFindings([ufw], rows.slice(1), LAN)).toMatchObject([{ level: "ok" }]);
});

test("only public rows on the machine's own network pass its input filter", () => {
  const names = filteredRows(devPlan()).map((it) => it.name);
  expect(names).toContain("turn-udp");
  expect(names).not.toContain("metrics");
  expect(names).not.toContain("relay");
});

test.each<[string, string | undefined, string[], string[]]>([
  ["a plain engine", undefined, ["/usr/sbin/dockerd -H fd://"], []],
  ["iptables false in daemon.json", '{"iptables": false}', [], ["warning"]],
  ["iptables true in daemon.json", '{"iptables": true}', [], []],
  ["the option", undefined, ["/usr/sbin/dockerd --iptables=false"], ["warning"]],
  ["a broken daemon.json", "{", [], ["warning"]],
])("%s", (_what, daemonJson, commandLines, expected) => {
  expect(dockerFindings(daemonJson, commandLines).map(({ level }) => level)).toEqual(expected);
});

test.each([
  ["0\n", 1],
  ["1\n", 0],
  [undefined, 0],
])("ip_forward %j gives %i warnings", (text, count) => {
  expect(forwardingFindings(text)).toHaveLength(count);
});
