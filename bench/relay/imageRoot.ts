/** The file system of an image as a folder: what a stack runs, without an engine beside it that takes time as well. */
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asRoot } from "../../test/support/node/asRoot.ts";
import type { Keeper } from "../../test/support/node/keeper.ts";

/** An image that this machine has not got is pulled. */
const UNPACK = `set -e
docker image inspect "$0" >/dev/null 2>&1 || docker pull -q "$0" >/dev/null
id=$(docker create "$0")
trap 'docker rm "$id" >/dev/null' EXIT
docker export "$id" | tar -x -C "$1"`;

/** Unpacks it into a folder that the keeper removes. */
export function imageRoot(reference: string, keeper: Keeper): string {
  const folder = mkdtempSync(join(tmpdir(), "turnkey-bench-image-"));
  keeper.note(...asRoot("rm", "-rf", folder));
  execFileSync("sh", ["-c", UNPACK, reference, folder], { stdio: ["ignore", "ignore", "pipe"] });
  return folder;
}
