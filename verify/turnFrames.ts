/**
 * What travels between a TURN client and its server: STUN messages and ChannelData. A datagram
 * holds exactly one; a TCP or TLS stream holds them end to end, cut anywhere (RFC 8656 section
 * 12.5).
 */
const STUN_HEADER_BYTES = 20;
const CHANNEL_HEADER_BYTES = 4;

/**
 * Channel numbers are 0x4000-0x4FFF (RFC 8656 section 12); STUN messages begin with two zero bits.
 */
export const FIRST_CHANNEL = 0x4000;

const paddedTo4 = (bytes: number) => Math.ceil(bytes / 4) * 4;

/** Whether a frame is ChannelData; otherwise it is a STUN message. */
export const isChannelData = (frame: Buffer) => ((frame[0] ?? 0) & 0xc0) === 0x40;

/** A ChannelData frame, filled up to a multiple of four as streams require and datagrams permit. */
export function encodeChannelData(channel: number, data: Buffer): Buffer {
  const frame = Buffer.alloc(CHANNEL_HEADER_BYTES + paddedTo4(data.length));
  frame.writeUInt16BE(channel, 0);
  frame.writeUInt16BE(data.length, 2);
  data.copy(frame, CHANNEL_HEADER_BYTES);
  return frame;
}

/** Channel and data of a frame, the filling cut off; undefined when the frame ends too early. */
export function decodeChannelData(frame: Buffer): { channel: number; data: Buffer } | undefined {
  if (frame.length < CHANNEL_HEADER_BYTES) return undefined;
  const end = CHANNEL_HEADER_BYTES + frame.readUInt16BE(2);
  if (frame.length < end) return undefined;
  return { channel: frame.readUInt16BE(0), data: frame.subarray(CHANNEL_HEADER_BYTES, end) };
}

/**
 * Length of the frame that `bytes` begins with; undefined as long as the length has not arrived.
 */
function frameLength(bytes: Buffer): number | undefined {
  if (bytes.length < CHANNEL_HEADER_BYTES) return undefined;
  const kind = (bytes[0] ?? 0) >> 6;
  if (kind > 1)
    throw new Error(
      `the stream holds 0x${bytes.toString("hex", 0, 4)}, neither STUN nor ChannelData`,
    );
  const length = bytes.readUInt16BE(2);
  return kind === 0 ? STUN_HEADER_BYTES + length : CHANNEL_HEADER_BYTES + paddedTo4(length);
}

/**
 * Makes a function that takes a stream's chunks as they come and gives the frames each completes.
 * It throws when the stream holds anything else.
 */
export function frameSplitter(): (chunk: Buffer) => Buffer[] {
  let held: Buffer = Buffer.alloc(0);
  return (chunk) => {
    held = Buffer.concat([held, chunk]);
    const frames: Buffer[] = [];
    for (
      let end = frameLength(held);
      end !== undefined && end <= held.length;
      end = frameLength(held)
    ) {
      frames.push(held.subarray(0, end));
      held = held.subarray(end);
    }
    return frames;
  };
}
