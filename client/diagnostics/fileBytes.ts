/** What is sent, and whether it is what comes. */

/** What `getRandomValues` gives at a time. */
const RANDOM_BYTES = 65_536;

/** Bytes that nothing on the way can squeeze or know. */
export function randomFile(bytes: number): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += RANDOM_BYTES)
    crypto.getRandomValues(file.subarray(at, at + RANDOM_BYTES));
  return file;
}

/** Whether `part` is what stands at `offset` of `whole`. */
export const isPartOf = (whole: Uint8Array, offset: number, part: Uint8Array): boolean =>
  offset + part.length <= whole.length && part.every((byte, at) => byte === whole[offset + at]);
