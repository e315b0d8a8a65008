/** A file of a tar archive; it belongs to root. */
export interface TarFile {
  /** Path inside the archive; a leading slash is dropped. At most 255 bytes. */
  readonly path: string;
  readonly content: Buffer;
  /** Permission bits, such as 0o644. */
  readonly mode: number;
}

/** A symbolic link. */
export interface TarLink {
  readonly path: string;
  readonly target: string;
}

/** A folder; needed only for other permissions than 0755. */
export interface TarFolder {
  readonly path: string;
  readonly folderMode: number;
}

export type TarEntry = TarFile | TarLink | TarFolder;

const block = 512;

/** Packs entries as a tar archive (POSIX.1-1988 ustar), such as the Docker Engine takes for files and images. */
export const tarArchive = (entries: readonly TarEntry[], modifiedAt: Date): Buffer =>
  Buffer.concat([...tarParts(entries, modifiedAt)]);

/** The same archive piece by piece: an entry's content is read when its turn comes. */
export function* tarParts(entries: Iterable<TarEntry>, modifiedAt: Date): Generator<Buffer> {
  for (const entry of entries) {
    if ("content" in entry) {
      const { path, mode, content } = entry;
      yield header({ path, mode, type: "0", size: content.length, target: "" }, modifiedAt);
      yield content;
      yield Buffer.alloc((block - (content.length % block)) % block);
    } else if ("target" in entry)
      yield header({ ...entry, mode: 0o777, type: "2", size: 0 }, modifiedAt);
    else
      yield header(
        { path: `${entry.path}/`, mode: entry.folderMode, type: "5", size: 0, target: "" },
        modifiedAt,
      );
  }
  yield Buffer.alloc(2 * block);
}

interface Head {
  readonly path: string;
  readonly mode: number;
  /** ustar's typeflag: `0` file, `2` symbolic link, `5` folder. */
  readonly type: string;
  readonly size: number;
  readonly target: string;
}

function header({ path, mode, type, size, target }: Head, modifiedAt: Date): Buffer {
  const { name, prefix } = split(path.replace(/^\/+/, ""));
  const head = Buffer.alloc(block);
  head.write(name, 0, 100);
  head.write(octal(mode, 7), 100);
  head.write(octal(0, 7), 108);
  head.write(octal(0, 7), 116);
  head.write(octal(size, 11), 124);
  head.write(octal(Math.floor(modifiedAt.getTime() / 1000), 11), 136);
  head.write(" ".repeat(8), 148);
  head.write(type, 156);
  head.write(target, 157, 100);
  head.write("ustar\u000000", 257);
  head.write(prefix, 345, 155);
  head.write(`${octal(sum(head), 6)}\0 `, 148);
  return head;
}

/** A path over 100 bytes is cut at a slash: up to 155 bytes go into the header's prefix. */
function split(path: string): { name: string; prefix: string } {
  if (short(path, 100)) return { name: path, prefix: "" };
  for (let cut = path.indexOf("/"); cut > 0; cut = path.indexOf("/", cut + 1)) {
    const [prefix, name] = [path.slice(0, cut), path.slice(cut + 1)];
    if (short(prefix, 155) && short(name, 100)) return { name, prefix };
  }
  throw new Error(`"${path}" is too long for a tar archive; 100 bytes after a slash are wanted`);
}

const short = (text: string, bytes: number) => Buffer.byteLength(text) <= bytes;
const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
const sum = (head: Buffer) => head.reduce((total, byte) => total + byte, 0);
