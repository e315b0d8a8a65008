import { isPartOf, randomFile } from "./fileBytes.ts";
import type { Transfer } from "./measured.ts";
import { comesTrue, StageFailed } from "./waiting.ts";

const FILE_BYTES = 5_000_000;
/** The most that every browser takes in one message without splitting it up (RFC 8831 section 6.6). */
const CHUNK_BYTES = 16_384;
/** Enough under way to fill a long line. */
const AHEAD_BYTES = 1_048_576;
/** What of the file has come by then tells enough of a slow line. */
const LIMIT_MS = 30_000;
/**
 * Sends a file and compares every byte that comes: both ends are here, so no checksum need stand in for
 * the file. `progress` hears the share that has come. Throws `StageFailed` when the channel closes.
 */
export async function sendFile(
  { from, to }: { readonly from: RTCDataChannel; readonly to: RTCDataChannel },
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<Transfer> {
  const file = randomFile(FILE_BYTES);
  let received = 0;
  let intact = true;
  let lastAt = 0;
  to.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    const part = data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array();
    intact &&= part.length > 0 && isPartOf(file, received, part);
    received += part.length;
    lastAt = performance.now();
    progress(received / FILE_BYTES);
  });
  from.bufferedAmountLowThreshold = AHEAD_BYTES / 2;
  const began = performance.now();
  const wait = () => ({ withinMs: Math.max(0, LIMIT_MS - (performance.now() - began)), signal });
  const isClosed = () => from.readyState !== "open" || to.readyState !== "open";
  const hasRoom = () => from.bufferedAmount <= AHEAD_BYTES;
  for (let at = 0; at < FILE_BYTES; at += CHUNK_BYTES) {
    // oxlint-disable-next-line no-await-in-loop -- the channel takes only so much ahead
    if (
      !(await comesTrue(
        from,
        ["bufferedamountlow", "close"],
        () => hasRoom() || isClosed(),
        wait(),
      ))
    )
      break;
    if (isClosed()) break;
    from.send(file.subarray(at, at + CHUNK_BYTES));
  }
  await comesTrue(to, ["message", "close"], () => received >= FILE_BYTES || isClosed(), wait());
  if (isClosed() && received < FILE_BYTES)
    throw new StageFailed("sending a file", "the connection closed in the middle of it");
  const tookMs = (received < FILE_BYTES ? performance.now() : lastAt) - began;
  return { bytes: FILE_BYTES, received, intact, tookMs };
}
