import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { parseApiEnv } from "../../turn/apiEnv.ts";
import { listenAddress, PortRow, row, rowNames } from "../../turn/ports.ts";
import type { Service } from "../../plan/plan.ts";
import { devPlan, laptop, prodPlan } from "../support/plans.ts";

const service = (plan: ReturnType<typeof devPlan>, name: string) => {
  const found = plan.services.find((it) => it.name === name);
  if (!found) throw new Error(`no service ${name}`);
  return found;
};

const filesOf = ({ folders }: Service) => folders.flatMap((it) => it.files);

const livekitYaml = (plan: ReturnType<typeof devPlan>) => {
  const file = filesOf(service(plan, "livekit")).find((it) => it.path.endsWith("livekit.yaml"));
  if (!file || !("text" in file)) throw new Error("no livekit.yaml");
  return file.text;
};

test("the same input gives the same plan", () => {
  expect(devPlan()).toEqual(devPlan());
});

test("the plan is plain data", () => {
  expect(JSON.parse(JSON.stringify(devPlan()))).toEqual(devPlan());
});

test.each([
  ["the dev stack", {}, laptop],
  ["a stack without an edge", { edge: "false" }, laptop],
  ["a stack on a bridge", {}, { ...laptop, network: "bridge" as const }],
])("livekit.yaml of %s is this document", (_stack, values, machine) => {
  expect(livekitYaml(devPlan(values, machine))).toMatchSnapshot();
});

test("every view of the port table shows the same ports", () => {
  const plan = devPlan({
    livekit: { port: 17_880, metricsPort: 16_789 },
    rtc: { tcpPort: 17_881, mediaPorts: { from: 40_000, to: 40_050 } },
    turn: { udpPort: 3478, tlsPort: 15_349, relayPorts: { from: 40_010, to: 40_020 } },
    edge: { httpsPort: 8443, turnPort: 15_350, metricsPort: 18_404 },
    api: { port: 18_080, metricsPort: 18_081 },
  });
  const yaml: unknown = parse(livekitYaml(plan));
  expect(yaml).toMatchObject({
    port: row(plan.ports, "signalling").from,
    prometheus: { port: row(plan.ports, "metrics").from },
    rtc: { tcp_port: 17_881, port_range_start: 40_000, port_range_end: 40_050 },
    turn: { udp_port: 3478, tls_port: 15_350, relay_range_start: 40_010, relay_range_end: 40_020 },
  });
  expect(plan.iceUrls).toEqual([
    "stun:127.0.0.1:3478",
    "turn:127.0.0.1:3478?transport=udp",
    "turns:127.0.0.1:8443?transport=tcp",
    "turns:127.0.0.1:15349?transport=tcp",
  ]);
  expect(plan.edgeUrl).toBe("https://127.0.0.1:8443");
  expect(plan.apiUrl).toBe("http://127.0.0.1:18080");
  expect(plan.livekitUrl).toBe("ws://127.0.0.1:17880");
  expect(parseApiEnv(service(plan, "api").environment)).toMatchObject({
    PORT: 18_080,
    METRICS_PORT: 18_081,
    LIVEKIT_HTTP_URL: "http://127.0.0.1:17880",
    ICE_URLS: plan.iceUrls,
    LIVEKIT_URL: plan.livekitUrl,
    EDGE_LIVEKIT_URL: "wss://127.0.0.1:8443",
  });
});

test.each([
  // On AWS the client that answers ACME's challenges is no service of the plan.
  { stack: "on AWS", plan: prodPlan(), but: ["acme"] },
  { stack: "on this machine", plan: devPlan(), but: ["acme", "http"] },
])("every row of the table belongs to exactly one service, $stack", ({ plan, but }) => {
  const owned = plan.services.flatMap((it) => it.ports);
  expect(owned.toSorted()).toEqual(rowNames.filter((it) => !but.includes(it)).toSorted());
});

const edgeFile = (plan: ReturnType<typeof devPlan>, name: string) => {
  const file = filesOf(service(plan, "edge")).find((it) => it.path.endsWith(name));
  if (!file || !("text" in file)) throw new Error(`no ${name}`);
  return file.text;
};

test.each([
  ["the dev stack", laptop],
  ["a LAN", { ...laptop, nodeAddress: "192.168.1.5" }],
  ["a bridge", { ...laptop, network: "bridge" as const }],
])("haproxy.cfg of %s is this document", (_stack, machine) => {
  expect(edgeFile(devPlan({}, machine), "haproxy.cfg")).toMatchSnapshot();
});

test("clients on a LAN are sent through the edge, those on the node itself are not", () => {
  expect(devPlan({}, { ...laptop, nodeAddress: "192.168.1.5" })).toMatchObject({
    apiUrl: "https://192.168.1.5",
    livekitUrl: "wss://192.168.1.5",
    edgeUrl: "https://192.168.1.5",
  });
  expect(devPlan()).toMatchObject({
    apiUrl: "http://127.0.0.1:7890",
    livekitUrl: "ws://127.0.0.1:7880",
    edgeUrl: "https://127.0.0.1",
  });
});

const lan = { ...laptop, nodeAddress: "192.168.1.5", lan: { subnet: "192.168.1.0/24" } };

test.each([
  ["a laptop that serves itself", laptop, "127.0.0.1/32"],
  ["a laptop that serves its LAN", lan, "192.168.1.0/24"],
])("the relay of %s reaches %s beside public addresses", (_who, machine, block) => {
  const yaml: unknown = parse(livekitYaml(devPlan({}, machine)));
  expect(yaml).toMatchObject({ turn: { allow_restricted_peer_cidrs: [block] } });
});

test("on a LAN only what clients need is open to it", () => {
  const plan = devPlan({}, lan);
  const rows = plan.services.flatMap((it) => it.ports).map((name) => row(plan.ports, name));
  const at = (address: string) =>
    rows.filter((it) => listenAddress(it, plan.nodeAddress) === address).map((it) => it.name);
  expect(at("192.168.1.5").toSorted()).toEqual(
    ["https", "ice-tcp", "media", "relay", "turn-tcp", "turn-tls", "turn-udp"].toSorted(),
  );
  expect(at("127.0.0.1").toSorted()).toEqual(
    ["api", "api-metrics", "edge-metrics", "metrics", "signalling"].toSorted(),
  );
  expect(parse(livekitYaml(plan))).toMatchObject({
    bind_addresses: ["127.0.0.1"],
    turn: { bind_addresses: ["192.168.1.5"] },
  });
});

test.each([
  ["from the local CA, which clients can get", {}, true],
  [
    "of the user's own, whose CA is not the local one",
    { certificate: { chainFile: "server.pem", keyFile: "server.key" } },
    false,
  ],
])("the certificate is %s", (_whose, values, isThere) => {
  const api = service(devPlan(values), "api");
  const file = filesOf(api).find((it) => "late" in it && it.late === "caCertificate");
  expect(file !== undefined).toBe(isThere);
  expect(parseApiEnv(api.environment).CA_CERTIFICATE_FILE).toBe(file?.path);
});

test("a LAN is not served without an edge, which would open LiveKit's metrics to it", () => {
  const onLan = { ...laptop, nodeAddress: "192.168.1.5", lan: { subnet: "192.168.1.0/24" } };
  expect(() => devPlan({ edge: "false" }, onLan)).toThrow(
    /^edge: given false, wanted an edge.* - pulumi config rm turnkey:edge/,
  );
});

test("without an edge LiveKit ends TLS itself, and two containers are all", () => {
  const plan = devPlan({ edge: "false" });
  expect(plan.services.map((it) => it.name)).toEqual(["livekit", "api"]);
  expect(plan.edgeUrl).toBeUndefined();
  expect(filesOf(service(plan, "livekit")).map((it) => it.path)).toContain("/etc/livekit/turn.key");
  expect(service(plan, "livekit").ports).toContain("turn-tls");
});

test.each([
  ["1.13.5", undefined],
  ["1.13.6", 20],
])("LiveKit %s gets the quota of allocations it knows", (version, limit) => {
  const plan = devPlan({ livekit: { version }, turn: { allocationsPerUser: 20 } });
  expect(plan.allocationsPerUser).toBe(limit);
  const line = limit === undefined ? [] : [`  per_user_relay_allocation_limit: ${limit}`];
  expect(livekitYaml(plan).match(/^.*per_user_relay_allocation_limit.*$/gm) ?? []).toEqual(line);
});

test("a bridge publishes LiveKit's ports from a network of its own", () => {
  const plan = devPlan({}, { ...laptop, network: "bridge" });
  expect(plan.services.map((it) => it.network)).toEqual(["stack", "stack", "stack"]);
});

test("ports travel in the outputs as the schema says", () => {
  for (const it of devPlan().ports) expect(PortRow.parse(it)).toEqual(it);
});

describe("the image and the version of LiveKit", () => {
  const built = {
    ...laptop,
    localImages: { livekit: { reference: "local/livekit:1.13.5", version: "1.13.5" } },
  };
  test.each([
    ["are the published ones by default", {}, laptop, "livekit/livekit-server:v1.13.11", "1.13.11"],
    [
      "are those built on this machine where there are any",
      {},
      built,
      "local/livekit:1.13.5",
      "1.13.5",
    ],
    [
      "follow a version that the settings name",
      { livekit: { version: "1.13.9" } },
      built,
      "livekit/livekit-server:v1.13.9",
      "1.13.9",
    ],
    [
      "follow an image that the settings name",
      { livekit: { version: "1.13.10", image: "mine/livekit:1" } },
      built,
      "mine/livekit:1",
      "1.13.10",
    ],
  ])("%s", (_claim, values, machine, image, version) => {
    const plan = devPlan(values, machine);
    expect(service(plan, "livekit").image).toBe(image);
    expect(plan.livekitVersion).toBe(version);
  });
});

test("a TURN domain stands in the URLs and in the certificate, beside the node's address", () => {
  const plan = devPlan({ turn: { domain: "turn.example.test" } });
  expect(plan.certificateNames).toEqual({
    dns: ["turn.example.test", "localhost"],
    ip: ["127.0.0.1"],
  });
  expect(plan.iceUrls[2]).toBe("turns:turn.example.test:443?transport=tcp");
});

test("no service holds a secret in its environment or in a file's text", () => {
  for (const it of devPlan().services) {
    for (const [key, value] of Object.entries(it.environment))
      if (/SECRET|_FILE$/.test(key)) expect(value).toMatch(/^\//);
    for (const file of filesOf(it))
      if ("late" in file && !["caCertificate", "certificate"].includes(file.late))
        expect(file.mode).toMatch(/^04[04]0$/);
  }
});

describe("a given certificate has to cover what clients come by", () => {
  const certificate = { chainFile: "chain.pem", keyFile: "key.pem" };

  test("a domain, by which the edge is reached from then on", () => {
    const plan = devPlan({ certificate, turn: { domain: "turn.example.org" } }, lan);
    expect(plan.certificateNames).toEqual({ dns: ["turn.example.org"], ip: [] });
    expect(plan.edgeUrl).toBe("https://turn.example.org");
    expect(plan.livekitUrl).toBe("wss://turn.example.org");
  });

  test("the node's address where there is no domain", () => {
    expect(devPlan({ certificate }).certificateNames).toEqual({ dns: [], ip: ["127.0.0.1"] });
  });
});
