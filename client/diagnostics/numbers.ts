/** Measured numbers, for people. */
import type { Probes, RelayProof, Transfer } from "./measured.ts";

/** `42 ms`, `1.3 s`. */
export const describeMs = (ms: number | undefined): string => {
  if (ms === undefined) return "not measured";
  return ms < 999.5 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
};

/** Bits that came back, in millions a second. */
export const megabits = ({ received, tookMs }: Transfer): number =>
  tookMs > 0 ? (received * 8) / 1000 / tookMs : 0;

/** Of 100 packets, how many did not come back. */
export const lossPercent = ({ sent, received }: Probes): number =>
  sent > 0 ? ((sent - received) / sent) * 100 : 0;

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;

/** `5.0 MB came across whole in 1.2 s: 33.3 Mbit/s`, or how much of it did. */
export function describeThroughput(transfer: Transfer): string {
  const { bytes, received, tookMs } = transfer;
  const what =
    received === bytes
      ? `${megabytes(bytes)} came across whole`
      : `${megabytes(received)} of ${megabytes(bytes)} came across`;
  return `${what} in ${describeMs(tookMs)}: ${megabits(transfer).toFixed(1)} Mbit/s`;
}

/** `0 of 100 lost`, `3 of 100 lost (3.0 %)`. */
export function describeLoss(probes: Probes): string {
  const lost = probes.sent - probes.received;
  const share = lost > 0 ? ` (${lossPercent(probes).toFixed(1)} %)` : "";
  return `${lost} of ${probes.sent} lost${share}`;
}

/** The three figures of a line that people ask for, with their names. */
export const lineFigures = ({ probes, transfer }: Pick<RelayProof, "probes" | "transfer">) => [
  ["Throughput", `${megabits(transfer).toFixed(1)} Mbit/s`],
  ["Loss", `${lossPercent(probes).toFixed(1)} %`],
  ["Round trip", describeMs(probes.medianMs)],
];

/** The value that a share of them does not exceed; undefined of none. */
export function quantile(values: readonly number[], share: number): number | undefined {
  // oxlint-disable-next-line unicorn/no-array-sort -- toSorted is younger than the browsers we bundle for
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}
