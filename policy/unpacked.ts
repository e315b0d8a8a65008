/** Takes texts out of the packings that cloud-init knows: base64, and gzip within it. */
import { isUtf8 } from "node:buffer";
import { gunzipSync } from "node:zlib";

/** Base64 in a row, also broken into lines as in MIME and YAML. */
const PACKED = /[A-Za-z0-9+/]{20,}(?:\s+[A-Za-z0-9+/]{20,})*(?:\s+[A-Za-z0-9+/]+)?={0,2}/g;

/** More is not looked at: a packing of a few kilobytes may unfold to any size. */
const MOST_BYTES = 1024 * 1024;
const MOST_LAYERS = 4;

export interface Layer {
  readonly text: string;
  /** The text without the packings that were opened: what is still in it is in it as it stands. */
  readonly bare: string;
}

/** A text and every text packed in it, at any depth that cloud-init would unpack. */
export function unpacked(text: string, layers = MOST_LAYERS): readonly Layer[] {
  if (layers === 0) return [{ text, bare: text }];
  const inner: string[] = [];
  const bare = text.replaceAll(PACKED, (packed) => {
    const found = candidates(packed).flatMap((it) => textIn(it) ?? []);
    inner.push(...new Set(found));
    return found.length > 0 ? "" : packed;
  });
  return [{ text, bare }, ...inner.flatMap((it) => unpacked(it, layers - 1))];
}

/** Lines may belong together or not, and what follows the last may be a word of the text around it. */
function candidates(packed: string): readonly string[] {
  const lines = packed.split(/\s+/);
  return [lines.join(""), lines.slice(0, -1).join(""), ...lines];
}

/** The readable text that base64 holds, if it holds one. */
function textIn(packed: string): string | undefined {
  if (packed === "") return undefined;
  const bytes = Buffer.from(packed, "base64");
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? unzipped(bytes) : bytes;
  if (plain === undefined || !isUtf8(plain)) return undefined;
  const text = plain.toString("utf8");
  return /^[\P{Cc}\s]+$/u.test(text) ? text : undefined;
}

function unzipped(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch {
    return undefined;
  }
}
