/**
 * The base62 of LiveKit's TURN credentials: the bit-packing code of the Go module
 * github.com/jxskiss/base62 v1.1.0, not the big-integer code most packages of that name hold.
 *
 * The bytes are one big-endian bit string, read from its end in groups of six. Sixty-two digits
 * cannot name all sixty-four groups, so a group whose bits 1 to 4 are all set is cut to five bits:
 * the digits 30 and 31 stand for five bits, every other digit for six.
 */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const MARK = 0b0_1111_0;

const isShort = (group: number) => (group & MARK) === MARK;

/** Encodes bytes; no bytes give the empty string. */
export function encodeBase62(bytes: Uint8Array): string {
  let text = "";
  let window = 0; // bits taken from `bytes` and not yet written, the next ones lowest
  let held = 0;
  let rest = bytes.length;
  while (held > 0 || rest > 0) {
    while (held < 6 && rest > 0) {
      rest -= 1;
      window |= (bytes[rest] ?? 0) << held;
      held += 8;
    }
    const group = window & 0b11_1111;
    const isLast = held + 8 * rest <= 6;
    const size = isShort(group) && (!isLast || group > 0b1_1111) ? 5 : 6;
    text += ALPHABET.charAt(size === 5 ? group & 0b1_1111 : group);
    window >>= size;
    held = Math.max(0, held - size);
  }
  return text;
}

const bitLength = (digit: number) => 32 - Math.clz32(digit);

/** Decodes what `encodeBase62` wrote. Throws on a character outside A-Z, a-z and 0-9. */
export function decodeBase62(text: string): Uint8Array {
  const bytes: number[] = []; // last byte first
  let window = 0;
  let held = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    const digit = ALPHABET.indexOf(character);
    if (digit === -1)
      throw new Error(`base62 holds "${character}" at position ${index}; only A-Z, a-z, 0-9 exist`);
    // Above the last digit's highest bit there is only the filling of the last group.
    const size = index === text.length - 1 ? bitLength(digit) : isShort(digit) ? 5 : 6;
    window |= digit << held;
    held += size;
    if (held >= 8) {
      bytes.push(window & 0xff);
      window >>= 8;
      held -= 8;
    }
  }
  if (held > 0) bytes.push(window);
  return Uint8Array.from(bytes.toReversed());
}
