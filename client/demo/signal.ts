/** What two browsers tell each other to connect directly; it travels as a room's data messages. */
export type Signal =
  /** I am here; answered once by whoever hears it. */
  | { readonly kind: "hello"; readonly answer: boolean }
  | { readonly kind: "offer" | "answer"; readonly sdp: string }
  | {
      readonly kind: "candidate";
      readonly candidate: string;
      readonly sdpMid: string | null;
      readonly sdpMLineIndex: number | null;
    };

export const encodeSignal = (signal: Signal): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(JSON.stringify(signal));

/** The signal in a message; undefined when it is none, as anybody in the room may send anything. */
export function decodeSignal(message: Uint8Array): Signal | undefined {
  const value = parse(new TextDecoder().decode(message));
  if (typeof value !== "object" || value === null || !("kind" in value)) return undefined;
  const { kind } = value;
  if (kind === "hello") return { kind, answer: "answer" in value && value.answer === true };
  if (kind === "offer" || kind === "answer")
    return "sdp" in value && typeof value.sdp === "string" ? { kind, sdp: value.sdp } : undefined;
  if (kind !== "candidate" || !("candidate" in value)) return undefined;
  const { candidate } = value;
  const sdpMid = "sdpMid" in value && typeof value.sdpMid === "string" ? value.sdpMid : null;
  const line = "sdpMLineIndex" in value ? value.sdpMLineIndex : null;
  const sdpMLineIndex = typeof line === "number" ? line : null;
  return typeof candidate === "string" ? { kind, candidate, sdpMid, sdpMLineIndex } : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
