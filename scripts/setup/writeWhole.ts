/** Writes a file so that a reader sees all of it or none. */
import { chmodSync, mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Writes `text` beside `file` and moves it there, with the mode of the one it replaces; folders on the way are made. */
export function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}.new`;
  const mode = statSync(file, { throwIfNoEntry: false })?.mode;
  writeFileSync(fresh, text);
  if (mode !== undefined) chmodSync(fresh, mode & 0o777);
  renameSync(fresh, file);
}
