import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { dockerIgnore } from "./dockerIgnore.ts";

/** What an image is built from: paths from the program's folder. */
export interface BuildContext {
  readonly context: string;
  readonly dockerfile: string;
}

/**
 * SHA-256 in hex over the Dockerfile and all that the build gets to see: names, rights, contents, and
 * where links point to. As in the official provider (provider/provider.go: hashContext) an ignore
 * file beside the Dockerfile, `<Dockerfile>.dockerignore`, counts before the context's own.
 */
export function contextDigest({ context, dockerfile }: BuildContext): string {
  const ignore = dockerIgnore(
    firstText([`${dockerfile}.dockerignore`, join(context, ".dockerignore")]),
  );
  const digest = createHash("sha256").update(readFileSync(dockerfile));
  const walk = (folder: string) => {
    const entries = readdirSync(join(context, folder), { withFileTypes: true });
    const names = entries.map((it) => (folder === "" ? it.name : `${folder}/${it.name}`));
    for (const name of names.toSorted()) {
      const file = join(context, name);
      const about = lstatSync(file);
      const ignored = ignore.ignores(name);
      if (about.isDirectory() && !(ignored && ignore.final)) walk(name);
      if (about.isDirectory() || ignored) continue;
      const content = about.isSymbolicLink() ? readlinkSync(file) : readFileSync(file);
      const hash = createHash("sha256").update(content).digest("hex");
      digest.update(`${JSON.stringify(name)} ${about.mode} ${hash}\n`);
    }
  };
  walk("");
  return digest.digest("hex");
}

const firstText = (files: readonly string[]) => {
  const found = files.find((it) => existsSync(it));
  return found === undefined ? "" : readFileSync(found, "utf8");
};
