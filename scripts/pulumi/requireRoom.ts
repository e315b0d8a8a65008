/** Stops an operation that could not write its state, before it begins. */
import { existsSync, statfsSync } from "node:fs";
import { UserError } from "../userError.ts";
import { backendFolder, type FilePlace } from "./backendFolder.ts";

/** Room for the state of a large stack, a copy of each write, and history. */
const NEEDED_BYTES = 16 * 2 ** 20;

const mib = (bytes: number) => `${Math.floor(bytes / 2 ** 20)} MiB`;

/** Throws a UserError when the disk that holds a file backend is all but full; `neededBytes` is 16 MiB. */
export function requireRoom(
  place: Pick<FilePlace, "backend" | "env">,
  neededBytes = NEEDED_BYTES,
): void {
  const folder = backendFolder(place);
  const free = freeBytes(folder);
  if (free >= neededBytes) return;
  throw new UserError(
    `the disk that holds ${folder} is full: ${mib(free)} are free, and the state takes up to ${mib(neededBytes)} while it is written; nothing was changed`,
    ["make room there (docker image prune and npm run clean may help), then run this again"],
  );
}

/** Less than this no write of a state leaves free. */
const FULL_BYTES = 2 ** 20;

/** Whether the disk that holds a file backend has run full; never for other backends. */
export const isFull = (place: Pick<FilePlace, "backend" | "env">): boolean =>
  freeBytes(backendFolder(place)) < FULL_BYTES;

function freeBytes(folder: string | undefined): number {
  if (folder === undefined || !existsSync(folder)) return Number.POSITIVE_INFINITY;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
