import type { Probes } from "./measured.ts";
import { quantile } from "./numbers.ts";
import { comesTrue, pause } from "./waiting.ts";

const PROBES = 100;
/** As often as a phone sends sound. */
const EVERY_MS = 20;
/** As much as a packet of sound holds. */
const BYTES = 160;
/** For all of them: a hidden tab is slowed down to one a second, and then fewer have to do. */
const SEND_MS = 8_000;
const STRAGGLERS_MS = 2_000;

/** Sends small packets once each over a channel that does not repeat them, and counts what comes. */
export async function sendProbes(
  { from, to }: { readonly from: RTCDataChannel; readonly to: RTCDataChannel },
  signal: AbortSignal,
): Promise<Probes> {
  const sentAt: number[] = [];
  const took = new Map<number, number>();
  to.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (!(data instanceof ArrayBuffer) || data.byteLength !== BYTES) return;
    const number = new DataView(data).getUint32(0);
    const at = sentAt[number];
    if (at !== undefined) took.set(number, performance.now() - at);
  });
  for (const end = performance.now() + SEND_MS; sentAt.length < PROBES;) {
    if (performance.now() > end) break;
    const packet = new DataView(new ArrayBuffer(BYTES));
    packet.setUint32(0, sentAt.length);
    sentAt.push(performance.now());
    from.send(packet.buffer);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await pause(EVERY_MS, signal);
  }
  const allCame = () => took.size === sentAt.length;
  await comesTrue(to, ["message"], allCame, { withinMs: STRAGGLERS_MS, signal });
  const times = [...took.values()];
  return {
    sent: sentAt.length,
    received: took.size,
    medianMs: quantile(times, 0.5),
    slowMs: quantile(times, 0.95),
  };
}
