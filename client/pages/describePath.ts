/** A path in words. */
import type { CandidateKind, End, Path } from "./path.ts";

const meaning = {
  host: "an address of the machine itself",
  srflx: "the address that STUN saw",
  prflx: "an address learnt on the way",
  relay: "an address on the TURN relay",
} satisfies Record<CandidateKind, string>;

/** The path in a few words: `relay over tls`, `direct over udp`. */
export function describePath({ local, remote }: Path): string {
  if (local.kind === "relay") {
    const over = local.relayOver ?? "what this browser does not tell";
    return `relay over ${over}${remote.kind === "relay" ? ", to the other side's relay" : ""}`;
  }
  if (remote.kind === "relay") return "the other side's relay";
  return `direct over ${local.protocol}`;
}

/** One end in full: what it is, where it is, and by which URL it was found. */
export function describeEnd({ kind, address, url }: End): string {
  const where = address === undefined ? "" : `, ${address}`;
  return `${kind}: ${meaning[kind]}${where}${url === undefined ? "" : `, by ${url}`}`;
}

/** Bits per second between two moments of one path; undefined when it is another path by now. */
export function bitrates(before: Path | undefined, now: Path) {
  if (before?.id !== now.id || now.at <= before.at) return undefined;
  const seconds = (now.at - before.at) / 1000;
  const rate = (from: number, to: number) => (Math.max(0, to - from) * 8) / seconds;
  return {
    sent: rate(before.bytesSent, now.bytesSent),
    received: rate(before.bytesReceived, now.bytesReceived),
  };
}

/** `850 kbit/s`, `1.2 Mbit/s`. */
export const describeBitrate = (bitsPerSecond: number): string =>
  bitsPerSecond < 999_500
    ? `${Math.round(bitsPerSecond / 1000)} kbit/s`
    : `${(bitsPerSecond / 1_000_000).toFixed(1)} Mbit/s`;
