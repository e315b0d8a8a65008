/** The files of an image that is made here: what lies where, and a hash that changes when any of it does. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { TarEntry } from "../../machine/tar.ts";

/** A file of this machine that goes into the image. */
export interface ImageFile {
  /** Absolute path in the image. */
  readonly path: string;
  readonly mode: number;
  /** The file on this machine. */
  readonly source: string;
  /** Stands for the content in the hash, where reading it each time would take long. */
  readonly identity?: string;
}

export type ImageEntry = ImageFile | Exclude<TarEntry, { content: Buffer }>;

const isFile = (entry: ImageEntry): entry is ImageFile => "source" in entry;

/** SHA-256 in hex over paths, modes and contents, in the given order. Reads the files without an identity. */
export function contentsHash(entries: readonly ImageEntry[], entrypoint: string): string {
  const hash = createHash("sha256").update(entrypoint);
  for (const entry of entries) {
    if (!isFile(entry)) hash.update(JSON.stringify(entry));
    else {
      const { path, mode, source, identity } = entry;
      const content = createHash("sha256").update(identity ?? readFileSync(source));
      hash.update(JSON.stringify({ path, mode, content: content.digest("hex") }));
    }
  }
  return hash.digest("hex");
}

/** The entries for an archive; a file is read when the archive gets to it. */
export function* archiveEntries(entries: readonly ImageEntry[]): Generator<TarEntry> {
  for (const entry of entries) {
    if (isFile(entry))
      yield { path: entry.path, mode: entry.mode, content: readFileSync(entry.source) };
    else yield entry;
  }
}

/** The libraries that `ldd` lists for a program, by the path the program looks them up with. */
export const parseLdd = (printed: string): string[] =>
  printed
    .split("\n")
    .map((line) => /^\s*(?:\S+ => )?(\/\S+) \(0x/.exec(line)?.[1])
    .filter((path) => path !== undefined);
