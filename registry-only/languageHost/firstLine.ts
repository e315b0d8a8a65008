/** The first line of a stream, without spaces around it, and what takes the stream's parts. */
export interface FirstLine {
  /** Never settles when the stream ends within its first line. */
  readonly line: Promise<string>;
  take(part: Buffer): void;
}

/** Parts a stream into its first line and the bytes after it, which go to `rest`. */
export function firstLine(rest: (bytes: Buffer) => void): FirstLine {
  const line = Promise.withResolvers<string>();
  let begun: Buffer | undefined = Buffer.alloc(0);
  return {
    line: line.promise,
    take(part) {
      if (begun === undefined) return rest(part);
      const all: Buffer = Buffer.concat([begun, part]);
      const end = all.indexOf("\n");
      begun = end === -1 ? all : undefined;
      if (end === -1) return;
      line.resolve(all.subarray(0, end).toString().trim());
      if (end + 1 < all.length) rest(all.subarray(end + 1));
    },
  };
}
