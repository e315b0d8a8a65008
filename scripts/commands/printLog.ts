/** Prints a container's log as the Docker Engine streams it. */
import type { Readable, Writable } from "node:stream";

const HEADER = 8;
const STDERR = 2;

/** One piece of what a container printed. */
export interface Frame {
  readonly stderr: boolean;
  readonly text: Buffer;
}

/**
 * The frames of a container without a terminal: a byte for the stream, three empty ones, the length
 * as 32 bits big-endian, then the piece (Docker Engine API, "Attach to a container", stream format).
 */
export async function* frames(stream: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let rest = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= HEADER) {
      const end = HEADER + rest.readUInt32BE(4);
      if (rest.length < end) break;
      yield { stderr: rest[0] === STDERR, text: rest.subarray(HEADER, end) };
      rest = rest.subarray(end);
    }
  }
}

interface Outputs {
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** Gives whole lines to `print`: a line of more than 16 KiB comes in several pieces. */
function lineWriter(print: (line: string) => unknown) {
  const decoder = new TextDecoder();
  let begun = "";
  return {
    add(piece: Buffer) {
      const lines = (begun + decoder.decode(piece, { stream: true })).split("\n");
      begun = lines.pop() ?? "";
      for (const line of lines) print(line);
    },
    end() {
      if (begun !== "") print(begun);
    },
  };
}

/** Prints every line behind the prefix, on the stream the container printed it on. */
export async function printLog(
  stream: Readable,
  prefix: string,
  { stdout, stderr }: Outputs = process,
): Promise<void> {
  const out = lineWriter((line) => stdout.write(`${prefix}${line}\n`));
  const err = lineWriter((line) => stderr.write(`${prefix}${line}\n`));
  for await (const frame of frames(stream)) (frame.stderr ? err : out).add(frame.text);
  out.end();
  err.end();
}
