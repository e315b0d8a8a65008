/** A file over a data channel: its pieces, then its end as text. */
import type { FileSeen } from "./messages.ts";

const PIECE_BYTES = 16 * 1024;
/** Waits above it, so that the channel's buffer never overflows. */
const MOST_BUFFERED_BYTES = 1024 * 1024;
const END = "end";

const opened = (channel: RTCDataChannel) =>
  new Promise<void>((resolve) => {
    if (channel.readyState === "open") resolve();
    else channel.addEventListener("open", () => resolve(), { once: true });
  });

const drained = (channel: RTCDataChannel) =>
  new Promise<void>((resolve) => {
    channel.bufferedAmountLowThreshold = MOST_BUFFERED_BYTES / 2;
    channel.addEventListener("bufferedamountlow", () => resolve(), { once: true });
  });

async function seen(pieces: readonly BlobPart[]): Promise<FileSeen> {
  const bytes = await new Blob([...pieces]).arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha256 = [...hash].map((it) => it.toString(16).padStart(2, "0")).join("");
  return { bytes: bytes.byteLength, sha256 };
}

/** Sends random bytes. */
export async function sendFile(channel: RTCDataChannel, bytes: number): Promise<FileSeen> {
  await opened(channel);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let left = bytes; left > 0; left -= PIECE_BYTES) {
    const piece = crypto.getRandomValues(new Uint8Array(Math.min(left, PIECE_BYTES)));
    pieces.push(piece);
    channel.send(piece);
    // oxlint-disable-next-line no-await-in-loop -- in this order
    if (channel.bufferedAmount > MOST_BUFFERED_BYTES) await drained(channel);
  }
  channel.send(END);
  return seen(pieces);
}

/** What arrives by the end of the file. */
export const receiveFile = (channel: RTCDataChannel): Promise<FileSeen> =>
  new Promise((resolve) => {
    const pieces: ArrayBuffer[] = [];
    channel.addEventListener("message", ({ data }: MessageEvent<ArrayBuffer | string>) => {
      if (typeof data === "string") resolve(seen(pieces));
      else pieces.push(data);
    });
  });
