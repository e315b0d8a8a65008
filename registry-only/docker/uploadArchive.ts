import { readFileSync } from "node:fs";
import { look, type Look } from "../../machine/look.ts";
import { tarArchive } from "../../machine/tar.ts";
import type { Value } from "../provider/value.ts";

const sources = ["content", "contentBase64", "source"] as const;

/**
 * The files to put into a container before it starts, as one archive for its root; undefined without
 * any. `source` is read from this machine, a relative one from the folder the plugin was started in
 * (the CLI starts plugins in the project's folder). Errors never tell a file's content.
 */
export function uploadArchive(uploads: Value | undefined, now: Date): Buffer | undefined {
  const files = look(uploads).list();
  if (files.length === 0) return undefined;
  return tarArchive(
    files.map((it) => ({ path: it.text("file"), content: contentOf(it), mode: modeOf(it) })),
    now,
  );
}

function contentOf(upload: Look): Buffer {
  const given = sources.filter((name) => upload.text(name) !== "");
  const [from] = given;
  if (from === undefined || given.length > 1)
    throw new Error(
      `uploads of "${upload.text("file")}" has ${given.join(" and ") || "nothing to upload"}; ` +
        `exactly one of ${sources.join(", ")} is wanted, and it may not be empty`,
    );
  if (from === "content") return Buffer.from(upload.text("content"));
  if (from === "contentBase64") return Buffer.from(upload.text("contentBase64"), "base64");
  return readFileSync(upload.text("source"));
}

function modeOf(upload: Look): number {
  const permissions = upload.text("permissions");
  if (permissions) return Number.parseInt(permissions, 8);
  return upload.flag("executable") ? 0o744 : 0o644;
}
