import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { ingressRules } from "../../plan/firewallRules.ts";
import type { LivekitConfig } from "../../plan/livekitYaml.ts";
import { PUBLIC_ADDRESS, type NodeDocument } from "../../plan/nodeDocument.ts";
import type { LateName } from "../../plan/plan.ts";
import { renderNodeDocument } from "../../plan/renderNodeDocument.ts";
import { parseApiEnv } from "../../turn/apiEnv.ts";
import { portLabel } from "../../turn/ports.ts";
import { awsValues, prodPlan } from "../support/plans.ts";

const ADDRESS = "18.184.1.2";
const named = { turn: { domain: "turn.example.com" } };

const keys: readonly LateName[] = [
  "livekitKeys",
  "roomKey",
  "turnKey",
  "signIn",
  "iceSources",
  "verifierKey",
  "userIdKey",
];

const documentOf = (values: Readonly<Record<string, object>> = {}) =>
  renderNodeDocument(prodPlan(values), new Set(keys), {});

function serviceOf({ services }: NodeDocument, name: string) {
  const found = services.find((it) => it.name === name);
  if (!found) throw new Error(`no service ${name}`);
  return found;
}

function textOf(document: NodeDocument, service: string, name: string) {
  const files = serviceOf(document, service).folders.flatMap((it) => it.files);
  const file = files.find((it) => it.path.endsWith(name));
  if (!file || !("text" in file)) throw new Error(`no ${name}`);
  return file.text;
}

const withoutEnvironment = (address: string) =>
  renderNodeDocument(prodPlan({}, address), new Set(keys), {}).services.map((it) => ({
    ...it,
    environment: undefined,
  }));

/** What files of services hold of the certificate, and where from. */
const partsOf = ({ services }: NodeDocument) =>
  services
    .flatMap((it) => it.folders.flatMap(({ files }) => files))
    .flatMap((it) => {
      if ("certificate" in it) return [it.certificate];
      return "parameter" in it && it.parameter.startsWith("certificate") ? [it.parameter] : [];
    });

describe("the node document", () => {
  test("is the same for the same settings", () => {
    expect(documentOf()).toEqual(documentOf());
  });

  test("is plain data", () => {
    expect(JSON.parse(JSON.stringify(documentOf()))).toEqual(documentOf());
  });

  test.each([
    ["without a domain", {}],
    ["with a domain", named],
  ])("has this livekit.yaml %s", (_case, values) => {
    expect(textOf(documentOf(values), "livekit", "livekit.yaml")).toMatchSnapshot();
  });

  test("has this haproxy.cfg", () => {
    expect(textOf(documentOf(named), "edge", "haproxy.cfg")).toMatchSnapshot();
  });

  test("changes nowhere but in the environment when the node's address does", () => {
    expect(withoutEnvironment(ADDRESS)).toEqual(withoutEnvironment(PUBLIC_ADDRESS));
  });

  test("has the address in the environment where the placeholder stands, and nothing else of it", () => {
    const replaced = (document: NodeDocument) =>
      JSON.parse(JSON.stringify(document).replaceAll(PUBLIC_ADDRESS, ADDRESS));
    const at = renderNodeDocument(prodPlan({}, ADDRESS), new Set(keys), {});
    expect(replaced(documentOf())).toEqual(at);
  });

  test("runs each as a user of its own that is not root, with no capability", () => {
    const { services } = documentOf();
    expect(services.map(({ name, user, capabilities }) => [name, user, capabilities])).toEqual([
      ["livekit", "65531:65531", []],
      ["api", "65532:65532", []],
      ["edge", "65533:65533", []],
    ]);
    expect(documentOf().sysctls).toEqual({ "net.ipv4.ip_unprivileged_port_start": "80" });
  });

  test("names every secret and holds none", () => {
    const files = documentOf().services.flatMap((it) =>
      it.folders.flatMap(({ files: all }) => all),
    );
    const secrets = files.flatMap((it) => ("parameter" in it ? [it.parameter] : []));
    expect([...new Set(secrets)].toSorted()).toEqual([...keys].toSorted());
    expect(JSON.stringify(documentOf())).not.toContain("a secret of one's own");
  });

  test("takes the certificate from the node, or from the secrets when one is given", () => {
    expect(partsOf(documentOf())).toEqual(["chain", "chainAndKey"]);
    const given = new Set<LateName>([...keys, "certificate", "certificateAndKey"]);
    expect(partsOf(renderNodeDocument(prodPlan(), given, {}))).toEqual([
      "certificate",
      "certificateAndKey",
    ]);
  });
});

describe("the plan of a stack on AWS", () => {
  test("leads clients to the bare address where there is no domain", () => {
    const plan = prodPlan({}, ADDRESS);
    expect([plan.apiUrl, plan.livekitUrl, plan.turnDomain]).toEqual([
      `https://${ADDRESS}`,
      `wss://${ADDRESS}`,
      ADDRESS,
    ]);
    expect(plan.iceUrls).toEqual([
      `stun:${ADDRESS}:443`,
      `turn:${ADDRESS}:443?transport=udp`,
      `turns:${ADDRESS}:443?transport=tcp`,
      `turns:${ADDRESS}:5349?transport=tcp`,
    ]);
    expect(plan.certificateNames).toEqual({ dns: [], ip: [ADDRESS] });
    expect(prodPlan().certificateNames).toEqual({ dns: [], ip: [PUBLIC_ADDRESS] });
  });

  test("has names of their own for TURN, signalling and the API", () => {
    const plan = prodPlan({
      turn: { domain: "turn.example.com" },
      livekit: { domain: "rtc.example.com" },
      api: { domain: "api.example.com" },
    });
    expect([plan.apiUrl, plan.livekitUrl]).toEqual([
      "https://api.example.com",
      "wss://rtc.example.com",
    ]);
    expect(plan.certificateNames.dns).toEqual([
      "turn.example.com",
      "rtc.example.com",
      "api.example.com",
    ]);
    const api = plan.services.find((it) => it.name === "api");
    expect(parseApiEnv(api?.environment ?? {}).EDGE_LIVEKIT_URL).toBe("wss://rtc.example.com");
  });

  test("lets LiveKit take candidates from the VPC alone, and relay to no special address", () => {
    const values = { aws: { vpc: { cidr: "18.200.0.0/24" } } };
    const yaml: unknown = parse(textOf(documentOf(values), "livekit", "livekit.yaml"));
    expect(yaml).toMatchObject({
      rtc: { ips: { includes: ["18.200.0.0/24"] }, use_external_ip: false },
      turn: {
        allow_restricted_peer_cidrs: [],
        // Public addresses of one's own VPC are no peers either.
        deny_peer_cidrs: expect.arrayContaining(["18.200.0.0/24", "10.0.0.0/8"]),
      },
    });
  });
});

const everywhere = (address: string | undefined, ...labels: string[]) =>
  address === "0.0.0.0" ? labels : [];

/** Where services listen on every address, as their own configurations say: `443/tcp`. */
function listenedOn(document: NodeDocument): string[] {
  const edge = textOf(document, "edge", "haproxy.cfg").matchAll(/^ *bind 0\.0\.0\.0:(\d+)/gm);
  const { rtc, turn, ...livekit }: LivekitConfig = parse(
    textOf(document, "livekit", "livekit.yaml"),
  );
  const { HOST, PORT, METRICS_HOST, METRICS_PORT } = serviceOf(document, "api").environment;
  return [
    ...[...edge].map(([, port]) => `${port}/tcp`),
    ...everywhere(livekit.bind_addresses[0], `${livekit.port}/tcp`),
    // ICE has no address to bind to.
    `${rtc.tcp_port}/tcp`,
    `${rtc.port_range_start}-${rtc.port_range_end}/udp`,
    ...everywhere(turn.bind_addresses[0], `${turn.udp_port}/udp`, `${turn.tls_port}/tcp`),
    ...everywhere(HOST, `${PORT}/tcp`),
    ...everywhere(METRICS_HOST, `${METRICS_PORT}/tcp`),
  ];
}

describe("table, rules and services agree", () => {
  test.each([
    ["as they come", {}],
    [
      "with every port moved",
      {
        livekit: { port: 7890, metricsPort: 7891 },
        rtc: { tcpPort: 7892, mediaPorts: { from: 41_000, to: 42_000 } },
        turn: { udpPort: 3478, tlsPort: 5350, relayPorts: { from: 41_500, to: 41_900 } },
        edge: { httpsPort: 8443, turnPort: 5351, metricsPort: 7893 },
        api: { ...awsValues.api, port: 7894, metricsPort: 7895 },
      },
    ],
  ])("%s", (_case, values) => {
    const document = documentOf(values);
    const rules = ingressRules(document.ports).map(portLabel);
    const closed = document.ports.filter((it) => it.exposure === "node").map(portLabel);
    const listened = listenedOn(document);
    expect(listened.filter((it) => !closed.includes(it)).toSorted()).toEqual(rules.toSorted());
    // Firefox needs TURN at an address that is not loopback: what the edge speaks to is closed by the rules alone.
    const [turn] = document.ports.filter((it) => it.name === "turn-tcp").map(portLabel);
    expect(listened.filter((it) => closed.includes(it))).toEqual([turn]);
  });
});
