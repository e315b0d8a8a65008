import { sleep } from "./deadline.ts";
import { LegFailure } from "./findings.ts";
import { isComplete, makePackets, type Tally, tally } from "./packets.ts";

/** One end of a path: sends to the other end and hears it. `signal` aborts when the end breaks. */
export interface End {
  readonly signal: AbortSignal;
  send(data: Buffer): void;
  listen(listener: (data: Buffer) => void): void;
}

/** Both ends with their names for people, a tag no other exchange has, and when to stop. */
export interface ExchangeOptions {
  readonly ends: readonly [End, End];
  readonly names: readonly [string, string];
  readonly tag: string;
  readonly signal: AbortSignal;
}

const GAP_MS = 1;
// What is under way fits into the default socket buffer (208 KiB) of a server that serves many
// streams and is not scheduled for a while: a buffer that overflows proves nothing about the relay.
const WINDOW = 8;
const QUIET_MS = 1_000;
const DUPLICATES_MS = 30;

/**
 * Passes packets both ways at once. Rejects unless each arrives once, whole and in order: on the
 * short paths verify uses, anything else is a fault worth a look.
 */
export async function exchange(options: ExchangeOptions): Promise<void> {
  const { ends, names, tag } = options;
  const [left, right] = ends;
  const signal = AbortSignal.any([options.signal, left.signal, right.signal]);
  const there = { direction: `${names[0]} to ${names[1]}`, from: left, to: right };
  const back = { direction: `${names[1]} to ${names[0]}`, from: right, to: left };
  const results = await Promise.all(
    [there, back].map(async ({ direction, from, to }) => ({
      direction,
      tally: await pass(from, to, makePackets(`${tag}:${direction}`), signal),
    })),
  );
  for (const result of results)
    if (!isComplete(result.tally)) throw new LegFailure({ kind: "packets", ...result });
}

/** One end of a path to a peer that sends everything back to where it came from. */
export interface EchoOptions {
  readonly end: End;
  /** The whole way, for people. */
  readonly direction: string;
  readonly tag: string;
  readonly signal: AbortSignal;
}

/** Passes packets to the peer and back. Rejects as `exchange` does. */
export async function echo(options: EchoOptions): Promise<void> {
  const { end, direction } = options;
  const signal = AbortSignal.any([options.signal, end.signal]);
  const result = await pass(end, end, makePackets(`${options.tag}:${direction}`), signal);
  if (!isComplete(result)) throw new LegFailure({ kind: "packets", direction, tally: result });
}

/** Sends as packets arrive; what has not come after a second of quiet is lost. */
async function pass(
  from: End,
  to: End,
  packets: readonly Buffer[],
  signal: AbortSignal,
): Promise<Tally> {
  const received: Buffer[] = [];
  let newest = performance.now();
  to.listen((data) => {
    received.push(Buffer.from(data));
    newest = performance.now();
  });
  let sent = 0;
  /** Waits until so few are under way; false when they stay away. */
  const arrives = async (underWay: number): Promise<boolean> => {
    while (sent - received.length > underWay) {
      if (performance.now() - newest > QUIET_MS) return false;
      await sleep(GAP_MS, signal);
    }
    return true;
  };
  let patient = true;
  for (const packet of packets) {
    from.send(packet);
    sent += 1;
    await sleep(GAP_MS, signal);
    patient &&= await arrives(WINDOW);
  }
  await arrives(0);
  await sleep(DUPLICATES_MS, signal);
  return tally(packets, received);
}
