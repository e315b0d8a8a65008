/** What the node's host is made: firewall, kernel settings, the engine's. */
import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { renderNodeDocument } from "../../plan/renderNodeDocument.ts";
import { prodPlan } from "../support/plans.ts";
import { SECRETS } from "./support/documents.ts";
import { python } from "./support/python.ts";

const { acme: _, ...document } = renderNodeDocument(prodPlan(), new Set(Object.keys(SECRETS)), {});

const rules = (of: unknown = document) => String(python("host", "host.firewall(given)", of));

/** A network of its own with the rules, where users ask: each `true` when a connection came. */
const PROBE = `
import encodings.idna, json, os, socket, subprocess, sys  # nobody may read no library later
rules, asked = json.load(sys.stdin)
# As the node's kernel settings have it: sockets that choose no port get none of a relay's.
with open("/proc/sys/net/ipv4/ip_local_reserved_ports", "w") as file:
    file.write("50000-60000")
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
for address in ("169.254.169.254/32", "10.77.0.9/32", "203.0.113.9/32"):
    subprocess.run(["ip", "address", "add", address, "dev", "lo"], check=True)
subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)
listening = [socket.create_server(it) for it in {(host, port) for host, port, *_ in asked}]
told = []
for host, port, user, source in asked:
    child = os.fork()
    if child == 0:
        if user:
            os.setuid(user)
        try:
            socket.create_connection((host, port), 2, ("", source))
            os._exit(0)
        except OSError:
            os._exit(1)
    told.append(os.waitpid(child, 0)[1] == 0)
print(json.dumps(told))
`;

/** Host, port, uid of who asks, and the port to ask from: 0 for any. */
type Question = readonly [host: string, port: number, user: number, source: number];

/** Which of these connections come about, with these rules. */
function ask(given: string, asked: readonly Question[]): boolean[] {
  const printed = execFileSync("unshare", ["-n", "python3", "-c", PROBE], {
    input: JSON.stringify([given, asked]),
    encoding: "utf8",
  });
  return z.array(z.boolean()).parse(JSON.parse(printed));
}

const namespaces = spawnSync("unshare", ["-n", "nft", "list", "ruleset"]).status === 0;
/** Only root may make a network with rules. */
const whereNamespaces = namespaces && process.getuid?.() === 0 ? describe : describe.skip;

whereNamespaces("the firewall", () => {
  const users = { root: 0, acme: 65_530, livekit: 65_531, api: 65_532, edge: 65_533, daemon: 1 };
  const all = ["root", "daemon"] as const;
  /** Of each, who reaches it. */
  const cases: readonly (readonly [string, string, number, readonly (keyof typeof users)[]])[] = [
    ["the metadata service", "169.254.169.254", 80, ["root"]],
    ["LiveKit's signalling", "127.0.0.1", 7880, [...all, "livekit", "api", "edge"]],
    ["TURN behind the edge", "10.77.0.9", 5350, [...all, "edge"]],
    ["the API", "127.0.0.1", 7890, [...all, "api", "edge"]],
    ["LiveKit's metrics", "127.0.0.1", 6789, all],
    ["the API's metrics", "127.0.0.1", 7891, all],
    ["the edge's health", "127.0.0.1", 8404, [...all, "edge"]],
    ["the ACME client", "127.0.0.1", 8402, [...all, "edge"]],
    ["the edge", "10.77.0.9", 443, all],
    ["a resolver", "127.0.0.1", 53, [...all, "acme", "api"]],
    ["another service of the node", "127.0.0.1", 22, all],
    ["the same by its own address", "10.77.0.9", 22, all],
  ];
  const names = ["root", "daemon", "acme", "livekit", "api", "edge"] as const;
  const reached = (given: string) => {
    const told = ask(
      given,
      cases.flatMap(([, host, port]) => names.map((it) => [host, port, users[it], 0] as const)),
    );
    return cases.map(([what], at) => [
      what,
      names.filter((_name, index) => told[at * names.length + index]),
    ]);
  };

  test("keeps each user of a container from all of the node but what it needs, and others from nothing", () => {
    expect(reached(rules())).toEqual(
      cases.map(([what, , , who]) => [what, names.filter((it) => who.includes(it))]),
    );
  });

  test("is what does so", () => {
    expect(reached("")).toEqual(cases.map(([what]) => [what, names]));
  });

  // RFC 6062: a relay that opens connections does so from its own port.
  const relayed = [
    ["127.0.0.1", 50_000],
    ["127.0.0.1", 60_000],
    ["10.77.0.9", 55_123],
  ].map(([host, source]) => [String(host), 7880, users.livekit, Number(source)] as const);

  test("lets a relay of LiveKit's reach nothing of the node by a connection, not even what LiveKit may ask", () => {
    expect(ask(rules(), relayed)).toEqual(relayed.map(() => false));
    expect(ask("", relayed)).toEqual(relayed.map(() => true));
  });
});

describe("the firewall's rules", () => {
  test("leave media untracked, by what a node's public UDP ports are", () => {
    expect(rules()).toContain("udp dport { 50000-60000, 443 } notrack");
    expect(rules()).toContain("udp sport { 50000-60000, 443 } notrack");
  });

  test("close to the outside what is for the node alone", () => {
    expect(rules()).toContain("tcp dport { 7880, 5350, 6789, 8404, 7890, 7891, 8402 } drop");
  });
});

const lines = (of: unknown = document) =>
  String(python("host", "host.kernel_settings(given)", of)).split("\n");

describe("kernel settings", () => {
  test("say why, one for one", () => {
    const told = lines().slice(0, -1);
    expect(told.length % 2).toBe(0);
    for (const [at, line] of told.entries())
      expect(line).toMatch(at % 2 === 0 ? /^# \w/ : /^-[a-z0-9_.-]+ = [\d,-]+$/);
  });

  test("give a socket that asks for no buffer more than the kernel's, as the relay's is one", () => {
    expect(lines()).toContain("-net.core.rmem_default = 4194304");
  });

  test("keep outgoing sockets from the ports of services", () => {
    expect(lines().find((it) => it.includes("reserved_ports"))).toMatch(/[ ,]50000-60000,/);
  });

  test("are the document's where both have one", () => {
    const other = { ...document, sysctls: { "net.core.rmem_max": "1" } };
    expect(lines(other)).toContain("-net.core.rmem_max = 1");
    expect(lines(other)).not.toContain("-net.core.rmem_max = 16777216");
  });

  test("let nobody open the lowest port", () => {
    expect(lines()).toContain("-net.ipv4.ip_unprivileged_port_start = 80");
  });
});

test("the engine lets containers outlive it, and keeps no log without an end", () => {
  expect(python("host", "host.daemon_settings(given)", { maxMib: 10, files: 3 })).toEqual({
    "live-restore": true,
    "userland-proxy": false,
    bridge: "none",
    iptables: false,
    "log-driver": "json-file",
    "log-opts": { "max-size": "10m", "max-file": "3" },
  });
});
