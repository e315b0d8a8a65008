/** coturn with what production gives LiveKit: the same ports, denied peers and limits, credentials of as long a life. */
import { productionPeers } from "../../plan/peerPolicy.ts";
import type { Plan } from "../../plan/plan.ts";
import { row } from "../../turn/ports.ts";

/** What of it is the benchmark's own. */
export interface CoturnInput {
  readonly plan: Plan;
  readonly address: string;
  readonly realm: string;
  /** What its time-limited credentials are made with. */
  readonly secret: string;
  /** Files. */
  readonly certificate: string;
  readonly key: string;
  readonly pid: string;
}

const number = (address: string) =>
  address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
const dotted = (it: number) =>
  [24, 16, 8, 0].map((shift) => Math.floor(it / 2 ** shift) % 256).join(".");

/** A block as coturn names it: `10.0.0.0/8` is `10.0.0.0-10.255.255.255`. */
export function addressRange(cidr: string): string {
  const [first = "", length = "32"] = cidr.split("/");
  return `${first}-${dotted(number(first) + 2 ** (32 - Number(length)) - 1)}`;
}

/** The text of turnserver.conf. One relay thread, as all of it runs on one core. */
export function coturnConfig(input: CoturnInput, vpc: string): string {
  const { plan, address, realm, secret, certificate, key, pid } = input;
  const relay = row(plan.ports, "relay");
  return [
    `listening-ip=${address}`,
    `relay-ip=${address}`,
    `listening-port=${row(plan.ports, "turn-udp").from}`,
    `tls-listening-port=${row(plan.ports, "turn-tls").from}`,
    `min-port=${relay.from}`,
    `max-port=${relay.to}`,
    "relay-threads=1",
    "fingerprint",
    "use-auth-secret",
    `static-auth-secret=${secret}`,
    `realm=${realm}`,
    `cert=${certificate}`,
    `pkey=${key}`,
    "no-tlsv1",
    "no-tlsv1_1",
    "no-dtls",
    "no-cli",
    "no-multicast-peers",
    ...(plan.allocationsPerUser === undefined ? [] : [`user-quota=${plan.allocationsPerUser}`]),
    ...productionPeers(vpc)
      .deny.filter((it) => !it.includes(":"))
      .map((it) => `denied-peer-ip=${addressRange(it)}`),
    `pidfile=${pid}`,
    "log-file=stdout",
    "simple-log",
    "",
  ].join("\n");
}
