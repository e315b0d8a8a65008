import { createHash } from "node:crypto";

/** How many packets a leg passes each way. */
export const PACKETS = 50;

const SMALLEST_BYTES = 40;
const STEP_BYTES = 23; // odd, so that every remainder of four occurs: ChannelData is padded

/**
 * The packets of one stream: each of another size (40 to 1167 bytes), its content decided by `tag`
 * and its number alone, so that no two packets of two streams are alike.
 */
export const makePackets = (tag: string, count = PACKETS): Buffer[] =>
  Array.from({ length: count }, (_, index) =>
    createHash("shake256", { outputLength: SMALLEST_BYTES + index * STEP_BYTES })
      .update(`${tag}:${index}`)
      .digest(),
  );

/**
 * What became of a stream's packets, in packets. `foreign`: arrived, but was never sent like that.
 */
export interface Tally {
  readonly sent: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly foreign: number;
  readonly disordered: number;
}

/** Compares every payload that arrived with those sent, byte by byte. */
export function tally(sent: readonly Buffer[], received: readonly Buffer[]): Tally {
  const numbers = new Map(sent.map((packet, index) => [packet.toString("latin1"), index]));
  const seen = new Set<number>();
  let [duplicated, foreign, disordered, newest] = [0, 0, 0, -1];
  for (const packet of received) {
    const number = numbers.get(packet.toString("latin1"));
    if (number === undefined) foreign += 1;
    else if (seen.has(number)) duplicated += 1;
    else {
      seen.add(number);
      if (number < newest) disordered += 1;
      newest = Math.max(newest, number);
    }
  }
  return { sent: sent.length, lost: sent.length - seen.size, duplicated, foreign, disordered };
}

/** Whether every packet arrived once, whole and in order. */
export const isComplete = ({ lost, duplicated, foreign, disordered }: Tally) =>
  lost + duplicated + foreign + disordered === 0;
