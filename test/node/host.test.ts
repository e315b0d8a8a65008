/** What the node's host is made: firewall, kernel settings, the engine's. */
import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import { testDocument } from "./support/documents.ts";
import { python } from "./support/python.ts";

/** With services that run as nobody, whoever runs the test. */
const settings = { edge: { httpsPort: 443 } };
const plain = testDocument(settings);
const document = {
  ...plain,
  services: plain.services.map((it) => ({ ...it, user: "65532:65532" })),
};

const rules = (of: unknown = document) => String(python("host", "host.firewall(given)", of));

/** A network of its own with the rules, where root asks and where nobody does: each `true` when a connection came. */
const PROBE = `
import encodings.idna, json, os, socket, subprocess, sys  # nobody may read no library later
rules, asked = json.load(sys.stdin)
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
for address in ("169.254.169.254/32", "10.77.0.9/32", "203.0.113.9/32"):
    subprocess.run(["ip", "address", "add", address, "dev", "lo"], check=True)
subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)
listening = [socket.create_server(it) for it in {(host, port) for host, port, _ in asked}]
told = []
for host, port, user in asked:
    child = os.fork()
    if child == 0:
        if user:
            os.setuid(user)
        try:
            socket.create_connection((host, port), 2)
            os._exit(0)
        except OSError:
            os._exit(1)
    told.append(os.waitpid(child, 0)[1] == 0)
print(json.dumps(told))
`;

const namespaces = spawnSync("unshare", ["-n", "nft", "list", "ruleset"]).status === 0;
/** Only root may make a network with rules. */
const whereNamespaces = namespaces && process.getuid?.() === 0 ? describe : describe.skip;

whereNamespaces("the firewall", () => {
  const NOBODY = 65_532;
  const cases = [
    { what: "the metadata service", to: ["169.254.169.254", 80], root: true, nobody: false },
    { what: "LiveKit's signalling", to: ["127.0.0.1", 7880], root: true, nobody: true },
    { what: "TURN behind the edge", to: ["10.77.0.9", 5350], root: true, nobody: true },
    { what: "the API", to: ["127.0.0.1", 7890], root: true, nobody: true },
    { what: "LiveKit's metrics", to: ["127.0.0.1", 6789], root: true, nobody: false },
    { what: "another service of the node", to: ["127.0.0.1", 22], root: true, nobody: false },
    { what: "the same by its own address", to: ["10.77.0.9", 22], root: true, nobody: false },
  ] as const;
  const asked = cases.flatMap(({ to }) => [
    [...to, 0],
    [...to, NOBODY],
  ]);
  const probe = () =>
    JSON.parse(
      execFileSync("unshare", ["-n", "python3", "-c", PROBE], {
        input: JSON.stringify([rules(), asked]),
        encoding: "utf8",
      }),
    );

  test("keeps containers from all of the node but what they need, and root from nothing", () => {
    const told = probe();
    expect(
      cases.map((it, at) => ({ ...it, root: told[2 * at], nobody: told[2 * at + 1] })),
    ).toEqual(cases);
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
