/** What a live relay carries and loses, packet by packet. */
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { errorCode, LegFailure } from "../../../verify/findings.ts";
import type { Address } from "../../../verify/iceUrl.ts";
import type { Relay } from "../../../verify/relay.ts";

export const Metered = z.strictObject({
  /** Packets that were given to the relay, also after it ended: those count as lost. */
  sent: z.int(),
  /** Packets that came back through it from the peer. */
  received: z.int(),
  /** The longest time without a packet that came back, in milliseconds. */
  longestGapMs: z.int(),
  /** Why there is no relay any more; absent while there is one. */
  ended: z.string().optional(),
});
export type Metered = z.infer<typeof Metered>;

export interface MeteredRelay {
  counted(): Metered;
  /** Sends nothing more, waits for what is under way, and gives the relay back. */
  stop(): Promise<Metered>;
}

export interface MeterOptions {
  /** Sends everything back to where it came from. */
  readonly peer: Address;
  readonly packetsPerSecond: number;
}

/** As large as a packet of sound. */
const PACKET_BYTES = 172;
/** An allocation lives a minute: asked so often, its end is soon noticed. */
const KEEP_MS = 5_000;
const UNDER_WAY_MS = 2_000;

/** Sends numbered packets through the relay to the peer and back, and keeps the relay alive. */
export async function meterRelay(
  { client }: Relay,
  { peer, packetsPerSecond }: MeterOptions,
): Promise<MeteredRelay> {
  await client.permit(peer);
  const end = client.endTowards(peer);
  const underWay = new Set<number>();
  const start = performance.now();
  let newest = start;
  let longest = 0;
  let [sent, received] = [0, 0];
  let ended: string | undefined;
  const endWith = (why: unknown) => (ended ??= errorCode(why));
  const arrived = () => {
    longest = Math.max(longest, performance.now() - newest);
    newest = performance.now();
  };

  end.signal.addEventListener("abort", () => endWith(end.signal.reason));
  end.listen((data) => {
    if (!underWay.delete(data.readUInt32BE())) return;
    received += 1;
    arrived();
  });
  const sending = setInterval(() => {
    sent += 1;
    if (ended !== undefined) return;
    const packet = Buffer.alloc(PACKET_BYTES);
    packet.writeUInt32BE(sent);
    underWay.add(sent);
    end.send(packet);
  }, 1_000 / packetsPerSecond);
  const keep = async () => {
    await client.refresh();
    await client.permit(peer);
  };
  const keeping = setInterval(() => {
    if (ended !== undefined) return;
    keep().catch((error: unknown) => {
      // A server that is silent for a while may have kept it.
      if (error instanceof LegFailure && error.finding.kind === "no-answer") return;
      endWith(error);
    });
  }, KEEP_MS);

  const counted = (): Metered => ({
    sent,
    received,
    longestGapMs: Math.round(Math.max(longest, performance.now() - newest)),
    ...(ended === undefined ? {} : { ended }),
  });
  return {
    counted,
    stop: async () => {
      clearInterval(sending);
      clearInterval(keeping);
      const { longestGapMs } = counted();
      for (const until = performance.now() + UNDER_WAY_MS; performance.now() < until;)
        if (underWay.size === 0 || ended !== undefined) break;
        else await sleep(10);
      const told = { ...counted(), longestGapMs };
      await client.close();
      return told;
    },
  };
}
