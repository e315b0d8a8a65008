/** The measurements of one system. */
import { type Churned, type Generator, type Sent, startGenerator } from "./generator.ts";
import type { Network } from "./network.ts";
import type { ServerProcess } from "./process.ts";
import { searchRate } from "./rateSearch.ts";
import type { System } from "./systems.ts";

/** Of each packet; header and padding come on top. */
export const PAYLOAD_BYTES = 960;
/** Clients with a peer each. */
export const FLOWS = 50;
/** Clients that open allocations at a time. */
const CHURN_CLIENTS = 8;
/** The share of packets that may be lost, or late. */
const MOST_LOST = 0.001;
/** Packets of one client that come together: a picture of video is some. The generator could not send enough one by one. */
const BURST = 8;
/** A packet that takes longer waits in a queue that grows. */
const GRACE_MS = 30;
/** Held for the measurement of memory, after a few that make the server load what it loads once. */
const HELD = { before: 100, measured: 1_000 } as const;

/** Packets a second. */
const RATES = { least: 500, most: 1_000_000 } as const;
const FIRST_GUESS = 20_000;

/** The highest rate at which nearly nothing is lost. */
export interface Throughput {
  /** Packets a second that arrive, both ways together. */
  readonly rate: number;
  /** Shares of idle time at that rate. */
  readonly serverIdle: number;
  readonly generatorIdle: number;
}

/** One system in one round. */
export interface Measured {
  readonly throughput: Throughput;
  readonly latency: Sent;
  /** Undefined without a relay. */
  readonly churn: Churned | undefined;
}

/** What a round of a system is told. */
export interface MeasureOptions {
  readonly network: Network;
  readonly seconds: number;
  /** Where to look for the rate first; undefined before anything is known. */
  readonly near: number | undefined;
  /** Packets a second while latency is measured. */
  readonly latencyRate: number;
}

/** Opens the flows anew, as a server may treat old ones better. */
export async function measure(system: System, options: MeasureOptions): Promise<Measured> {
  const generator = startGenerator(options.network, system.target);
  try {
    await generator.open(FLOWS);
    const throughput = await highestRate(generator, options);
    const { seconds, latencyRate } = options;
    const latency = await generator.send({
      packetsPerSecond: latencyRate,
      // Alone: in a burst packets wait for each other.
      burst: 1,
      seconds,
      // Here all that comes is wanted, however late.
      graceMs: 1_000,
    });
    const churn = system.site && (await generator.churn({ clients: CHURN_CLIENTS, seconds }));
    return { throughput, latency, churn };
  } finally {
    await generator.end();
  }
}

async function highestRate(
  generator: Generator,
  { seconds, near = FIRST_GUESS }: MeasureOptions,
): Promise<Throughput> {
  let best: Throughput = { rate: 0, serverIdle: 0, generatorIdle: 0 };
  await searchRate(
    async (rate) => {
      const load = { packetsPerSecond: rate, burst: BURST, seconds, graceMs: GRACE_MS };
      const sent = await generator.send(load);
      const holds = sent.received >= (1 - MOST_LOST) * sent.offered;
      const { serverIdle, generatorIdle } = sent;
      if (holds) best = { rate: sent.received / seconds, serverIdle, generatorIdle };
      return holds;
    },
    { from: near, ...RATES },
  );
  return best;
}

/** KiB of memory for each allocation that is held, on a server that was just started for it. */
export async function memoryOfAllocation(
  { target }: System,
  network: Network,
  start: () => Promise<ServerProcess>,
): Promise<number> {
  const server = await start();
  const generator = startGenerator(network, target);
  try {
    await generator.hold(HELD.before);
    const before = server.memoryKib();
    await generator.hold(HELD.measured);
    return (server.memoryKib() - before) / HELD.measured;
  } finally {
    await generator.end();
    await server.stop();
  }
}
