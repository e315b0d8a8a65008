import { expect, test } from "@jest/globals";
import type { PackConfig } from "../../../../policy/judge.ts";
import type { Resource } from "../../../../policy/rule.ts";
import type { Props } from "../../../support/policy.ts";
import {
  complainers,
  complaints,
  container,
  document,
  ingress,
  livekitService,
  media,
  service,
  withTurn,
  withRtc,
  withTop,
  withService,
  withCoturn,
} from "../../subjects/samples.ts";

/** What is broken, the one rule that is to say so, what it is to have seen, and how the pack is set. */
type Row = readonly [
  claim: string,
  resources: readonly Resource[],
  rule: string,
  seen: string,
  config?: PackConfig,
];

const KEYS = "0123456789abcdef0123456789abcdef";

const lists = (rule: string, settings: Props): PackConfig => ({ [rule]: settings });
const development = lists("turn-restricted-peers", { development: true });

const rows: readonly Row[] = [
  [
    "a malformed denial",
    withTurn({ allow_restricted_peer_cidrs: ["10.0.0.0"] }),
    "turn-peer-lists-well-formed",
    '"10.0.0.0"',
  ],
  [
    "an entry that is no text",
    withTurn({ allow_restricted_peer_cidrs: [10] }),
    "turn-peer-lists-well-formed",
    '"10"',
  ],
  [
    "a configuration that is no map",
    withTop({}).map((it) => withText(it, "- a")),
    "turn-peer-lists-well-formed",
    "no YAML map",
  ],
  [
    "a configuration that is no YAML",
    withTop({}).map((it) => withText(it, "a: [")),
    "turn-peer-lists-well-formed",
    "no YAML map",
  ],
  [
    "coturn's list in CIDR notation",
    withCoturn({ "allowed-peer-ip": "10.0.0.0/8" }),
    "turn-peer-lists-well-formed",
    '"10.0.0.0/8"',
  ],
  [
    "a range that ends before it begins",
    withCoturn({ "allowed-peer-ip": "10.0.0.9-10.0.0.1" }),
    "turn-peer-lists-well-formed",
    "10.0.0.9-10.0.0.1",
  ],
  [
    "restricted peers in production",
    withTurn({ allow_restricted_peer_cidrs: ["10.0.0.0/8"] }),
    "turn-restricted-peers",
    "1 blocks",
  ],
  [
    "coturn's peers in production",
    withCoturn({ "allowed-peer-ip": "10.1.2.3" }),
    "turn-restricted-peers",
    "1 blocks",
  ],
  [
    "coturn's loopback in production",
    withCoturn({ "allow-loopback-peers": "" }),
    "turn-restricted-peers",
    "1 blocks",
  ],
  [
    "two networks in development",
    withTurn({ allow_restricted_peer_cidrs: ["10.0.0.0/8", "127.0.0.1/32"] }),
    "turn-restricted-peers",
    "2 blocks",
    development,
  ],
  [
    "the metadata service in development",
    withTurn({ allow_restricted_peer_cidrs: ["169.254.169.254/32"] }),
    "turn-restricted-peers",
    "beyond 127.0.0.0/8",
    development,
  ],
  [
    "everything in development",
    withTurn({ allow_restricted_peer_cidrs: ["0.0.0.0/0"] }),
    "turn-restricted-peers",
    "beyond 127.0.0.0/8",
    development,
  ],
  [
    "credentials for more than a day",
    withTurn({ ttl_seconds: 86_401 }),
    "turn-credential-lifetime",
    "86401",
  ],
  [
    "credentials for more than the pack is set to",
    withTurn({ ttl_seconds: 601 }),
    "turn-credential-lifetime",
    "601",
    lists("turn-credential-lifetime", { mostSeconds: 600 }),
  ],
  [
    "another server's credentials",
    withRtc({ turn_servers: [{ ttl: 90_000 }] }),
    "turn-credential-lifetime",
    "turn_servers[0].ttl is 90000",
  ],
  [
    "an API's credentials",
    [container({ envs: ["CREDENTIAL_TTL_SECONDS=90000"] })],
    "turn-credential-lifetime",
    "90000",
  ],
  [
    "credentials by the environment",
    withService({ environment: { LIVEKIT_TURN_TTL_SECONDS: "90000" } }),
    "turn-credential-lifetime",
    "90000",
  ],
  [
    "no quota",
    withTurn({ per_user_relay_allocation_limit: undefined }),
    "turn-allocation-quota",
    "not set",
  ],
  [
    "a quota that is off",
    withTurn({ per_user_relay_allocation_limit: 0 }),
    "turn-allocation-quota",
    "is 0",
  ],
  [
    "no quota of coturn",
    withCoturn({ "user-quota": undefined }),
    "turn-allocation-quota",
    "user-quota is 0",
  ],
  ["one relay port", withTurn({ relay_range_end: 50_000 }), "turn-relay-range-bounded", "1 ports"],
  [
    "every port",
    [
      document([
        livekitService({
          rtc: { port_range_start: 1024, port_range_end: 65_535 },
          turn: { relay_range_start: 1024, relay_range_end: 65_535 },
        }),
      ]),
      ingress(1024, 65_535),
    ],
    "turn-relay-range-bounded",
    "64512 ports",
  ],
  [
    "more than the pack is set to",
    withTurn({}),
    "turn-relay-range-bounded",
    "5000 ports",
    lists("turn-relay-range-bounded", { mostPorts: 4999 }),
  ],
  [
    "ports of the system",
    withCoturn({ "min-port": 500, "max-port": 2000 }),
    "turn-relay-range-bounded",
    "500 to 2000",
  ],
  [
    "relays outside the media",
    [document([livekitService({ rtc: { port_range_start: 50_001 } })]), media],
    "turn-relay-inside-media",
    "media ports are 50001 to 60000",
  ],
  [
    "relays that end after the media",
    [document([livekitService({ turn: { relay_range_end: 60_001 } })]), ingress(50_000, 60_001)],
    "turn-relay-inside-media",
    "50000 to 60001",
  ],
  [
    "media on one port",
    withRtc({ port_range_start: undefined, port_range_end: undefined, udp_port: 7882 }),
    "turn-relay-inside-media",
    "one port",
  ],
  [
    "relays by default",
    [
      ...withTurn({ relay_range_start: undefined, relay_range_end: undefined }),
      ingress(30_000, 40_000),
    ],
    "turn-relay-inside-media",
    "30000 to 40000",
  ],
  [
    "coturn without a mechanism",
    withCoturn({ "use-auth-secret": undefined }),
    "turn-authentication",
    "neither",
  ],
  ["coturn for everyone", withCoturn({ "no-auth": "" }), "turn-authentication", "no-auth is on"],
  [
    "coturn with an account",
    withCoturn({ user: "me:pw" }),
    "turn-authentication",
    "user names an account",
  ],
  ["coturn with OAuth", withCoturn({ oauth: "true" }), "turn-authentication", "oauth"],
  [
    "keys by development mode",
    withService({ command: ["--config", "/etc/livekit/livekit.yaml", "--dev"] }),
    "turn-default-keys",
    "--dev",
  ],
  [
    "keys in the configuration",
    withTop({ keys: { APIkey: KEYS } }),
    "turn-keys-in-files",
    "keys APIkey is set",
  ],
  [
    "another server's secret",
    withRtc({ turn_servers: [{ secret: KEYS }] }),
    "turn-keys-in-files",
    "turn_servers[0].secret",
  ],
  [
    "another server's password",
    withRtc({ turn_servers: [{ credential: KEYS }] }),
    "turn-keys-in-files",
    "turn_servers[0].credential",
  ],
  [
    "a guessable secret of coturn",
    withCoturn({ "static-auth-secret": "x".repeat(31) }),
    "turn-secret-length",
    "31 characters",
  ],
  [
    "a secret shorter than the pack is set to",
    withCoturn({}),
    "turn-secret-length",
    "32 characters",
    lists("turn-secret-length", { leastCharacters: 40 }),
  ],
  ["no port for TLS", withTurn({ tls_port: undefined }), "turn-tls", "tls_port is not set"],
  ["nobody to end TLS", withTurn({ external_tls: false }), "turn-tls", "neither turn.external_tls"],
  [
    "half a certificate",
    withTurn({ external_tls: false, cert_file: "/c" }),
    "turn-tls",
    "neither turn.external_tls",
  ],
  ["no name", withTurn({ domain: undefined }), "turn-tls", 'turn.domain is ""'],
  ["a name without a dot", withTurn({ domain: "turn" }), "turn-tls", '"turn"'],
  ["coturn without a certificate", withCoturn({ cert: undefined }), "turn-tls", "cert and pkey"],
  ["coturn without TLS", withCoturn({ "no-tls": "" }), "turn-tls", "no-tls is on"],
  ["coturn with old TLS", withCoturn({ tlsv1: "" }), "turn-tls", "TLS 1.0"],
  [
    "a look-up beside node_ip",
    withRtc({ use_external_ip: true, node_ip: "198.51.100.7" }),
    "turn-node-address",
    "use_external_ip",
  ],
  ["a look-up beside NODE_IP", withRtc({ use_external_ip: true }), "turn-node-address", "NODE_IP"],
];

/** A document whose livekit.yaml is another text. */
function withText(it: Resource, text: string): Resource {
  return it.name === "document"
    ? document([
        service({
          folders: [{ path: "/etc/livekit", files: [{ path: "/etc/livekit/livekit.yaml", text }] }],
        }),
      ])
    : it;
}

test.each([
  ["LiveKit on a node", withTurn({})],
  [
    "LiveKit named by an address, the name from the environment",
    [
      document([
        livekitService(
          { turn: { domain: undefined } },
          { environment: { LIVEKIT_TURN_DOMAIN: "address.invalid" } },
        ),
      ]),
      media,
    ],
  ],
  [
    "LiveKit with its own certificate",
    withTurn({ external_tls: false, cert_file: "/c", key_file: "/k" }),
  ],
  [
    "LiveKit without TURN",
    [document([livekitService({ turn: { enabled: false, deny_peer_cidrs: [] } })])],
  ],
  [
    "LiveKit that looks its address up",
    [document([livekitService({ rtc: { use_external_ip: true } }, { environment: {} })]), media],
  ],
  ["a credential's day", withTurn({ ttl_seconds: 86_400 })],
])("%s passes", (_, resources) => {
  expect(complaints(resources)).toEqual([]);
});

test("coturn passes on the machine's network, which is said of every relay", () => {
  expect(complainers(withCoturn({}))).toEqual(["container-host-network"]);
});

test.each(rows)(
  "%s is found by one rule, which says what it saw",
  (_, resources, rule, seen, config = {}) => {
    const found = complaints(resources, config).filter(
      (it) => !it.startsWith("container-host-network"),
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${rule}: `);
    expect(found[0]).toContain(seen);
  },
);

test("findings name the file and, in a node document, the service", () => {
  const [found] = complaints(withTurn({ tls_port: undefined }));
  expect(found).toContain("turn-tls: document, livekit: ");
  expect(found).toContain(": /etc/livekit/livekit.yaml: turn.tls_port is not set");
});
