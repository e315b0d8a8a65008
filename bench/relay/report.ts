/** What the benchmark prints. */
import { columns } from "../../scripts/commands/columns.ts";
import { type Measured, PAYLOAD_BYTES } from "./measure.ts";
import { type SystemName, systemNames } from "./systems.ts";

/** Medians over all rounds of one system. */
export interface Figures {
  readonly name: string;
  readonly packetsPerSecond: number;
  /** Of payload, in Mbit/s. */
  readonly megabits: number;
  /** Shares of idle time at that rate. */
  readonly serverIdle: number;
  readonly generatorIdle: number;
  /** Milliseconds, at one rate for all. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The share of the servers' core that was busy at that rate. */
  readonly busy: number;
  /** Undefined without a relay, like those that follow. */
  readonly allocationsPerSecond: number | undefined;
  readonly allocationP95Ms: number | undefined;
  /** Of all rounds. */
  readonly failures: number | undefined;
  /** What the first failure said, where there was one. */
  readonly failure: string | undefined;
  /** KiB for each allocation that is held. */
  readonly memoryKib: number | undefined;
}

/** Those of every system. */
export type AllFigures = Readonly<Record<SystemName, Figures>>;

const median = (all: readonly number[]) =>
  all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;

/** Sums up the rounds of one system; `memoryKib` is measured beside them. */
export function figuresOf(
  name: string,
  rounds: readonly Measured[],
  memoryKib: number | undefined,
): Figures {
  const over = (pick: (it: Measured) => number) => median(rounds.map(pick));
  const churns = rounds.flatMap((it) => it.churn ?? []);
  const ofChurn = (pick: (it: (typeof churns)[number]) => number) =>
    churns.length > 0 ? median(churns.map(pick)) : undefined;
  const packetsPerSecond = over((it) => it.throughput.rate);
  return {
    name,
    packetsPerSecond,
    megabits: (packetsPerSecond * PAYLOAD_BYTES * 8) / 1e6,
    serverIdle: over((it) => it.throughput.serverIdle),
    generatorIdle: over((it) => it.throughput.generatorIdle),
    p50Ms: over((it) => it.latency.p50Ms),
    p99Ms: over((it) => it.latency.p99Ms),
    busy: 1 - over((it) => it.latency.serverIdle),
    allocationsPerSecond: ofChurn((it) => it.perSecond),
    allocationP95Ms: ofChurn((it) => it.p95Ms),
    failures: churns.length > 0 ? churns.reduce((sum, it) => sum + it.failures, 0) : undefined,
    failure: churns.map((it) => it.failure).find(Boolean),
    memoryKib,
  };
}

/** Against whom each relay is held. */
const COTURN = {
  livekitUdp: "coturnUdp",
  coturnUdp: "coturnUdp",
  edgeTls: "coturnTls",
  ownTls: "coturnTls",
  plainTls: "coturnTls",
  coturnTls: "coturnTls",
} as const satisfies Partial<Record<SystemName, SystemName>>;

/** Below this share of idle time it is the generator that is measured. */
const IDLE_WANTED = 0.2;
/** What the edge may leave of the throughput over TLS, at least. */
export const EDGE_GOAL = 0.9;

const digits = (it: number | undefined, count: number) => it?.toFixed(count) ?? "";
const percent = (it: number) => `${(it * 100).toFixed(0)} %`;

function row(all: AllFigures, system: SystemName): string[] {
  const { direct } = all;
  const it = all[system];
  const coturn = system === "direct" ? undefined : all[COTURN[system]];
  const limit = it.generatorIdle < IDLE_WANTED ? " (the generator's limit)" : "";
  return [
    it.name,
    it.packetsPerSecond.toFixed(0),
    it.megabits.toFixed(0),
    digits(coturn && it.packetsPerSecond / coturn.packetsPerSecond, 2),
    (it.packetsPerSecond / direct.packetsPerSecond).toFixed(2),
    percent(it.busy),
    digits(coturn && it.p50Ms - direct.p50Ms, 3),
    digits(coturn && it.p99Ms - direct.p99Ms, 3),
    digits(it.allocationsPerSecond, 0),
    digits(it.allocationP95Ms, 1),
    digits(it.failures, 0),
    digits(it.memoryKib, 0),
    `${percent(it.generatorIdle)}${limit}`,
  ];
}

/** What the edge leaves of the throughput over TLS, against LiveKit that ends TLS itself, with a node's settings or as it comes. */
export const edgeShare = (all: AllFigures, against: "ownTls" | "plainTls"): number =>
  all.edgeTls.packetsPerSecond / all[against].packetsPerSecond;

const whyFailed = ({ name, failures, failure }: Figures): string[] =>
  failure === undefined ? [] : [`${name}: ${failures} allocations failed, the first: ${failure}`];

/** For people; `latencyRate` is the rate, in packets a second, that latencies were measured at. */
export function table(all: AllFigures, latencyRate: number): string {
  const share = edgeShare(all, "plainTls");
  return [
    columns([
      [
        "",
        "packets/s",
        "Mbit/s",
        "of coturn",
        "of direct",
        `core busy at ${latencyRate}/s`,
        "added p50 ms",
        "added p99 ms",
        "allocations/s",
        "p95 ms",
        "failed",
        "KiB each",
        "generator idle",
      ],
      ...systemNames.map((it) => row(all, it)),
    ]),
    "",
    ...systemNames.flatMap((it) => whyFailed(all[it])),
    `without a relay, p50 and p99: ${all.direct.p50Ms.toFixed(3)} and ${all.direct.p99Ms.toFixed(3)} ms`,
    `goal: the edge leaves ${EDGE_GOAL} of the throughput over TLS: ${share >= EDGE_GOAL ? "met" : "missed"} (${share.toFixed(2)}; ${edgeShare(all, "ownTls").toFixed(2)} of LiveKit with a node's scheduling)`,
  ].join("\n");
}
