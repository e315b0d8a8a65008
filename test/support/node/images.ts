/** The images of a stack in AWS, as an archive: on the rig's internet there is no registry to pull them from. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { writeBundles } from "../../../api/bundle.ts";
import { type DockerEngine, withQuery } from "../../../machine/dockerEngine.ts";
import { readLocalImages } from "../../../machine/localImages.ts";
import { look } from "../../../machine/look.ts";
import { tarArchive, type TarFile } from "../../../machine/tar.ts";
import { NODE_IMAGE } from "../../../plan/images.ts";
import { busyboxFile } from "../../../scripts/setup/busybox.ts";

const packed = (path: string, source: string) => ({
  path,
  content: readFileSync(source),
  mode: 0o644,
});

async function build(
  engine: DockerEngine,
  { name, files, base }: { name: string; files: readonly TarFile[]; base?: string },
): Promise<void> {
  const buildargs = base === undefined ? undefined : JSON.stringify({ NODE_IMAGE: base });
  const answer = await engine.raw("POST", withQuery("/build", { t: name, buildargs }), {
    body: tarArchive(files, new Date(0)),
    contentType: "application/x-tar",
  });
  const lines = (await text(answer)).split("\n").filter((it) => it.trim() !== "");
  const failure = lines.map((it) => look(JSON.parse(it)).text("error")).find(Boolean);
  if (failure) throw new Error(`${name} was not built: ${failure}`);
}

/** The Node that the API's image is built on: the published one has a shell, and one that was made here has none. */
async function nodeWithShell(engine: DockerEngine, name: string): Promise<string> {
  const { node } = readLocalImages();
  if (!node) return NODE_IMAGE;
  const dockerfile = `FROM ${node.reference}\nCOPY sh /bin/sh\n`;
  await build(engine, {
    name,
    files: [
      { path: "Dockerfile", content: Buffer.from(dockerfile), mode: 0o644 },
      { ...packed("sh", busyboxFile()), mode: 0o755 },
    ],
  });
  return name;
}

/** Builds the API's image by its Dockerfile. */
export async function buildApiImage(engine: DockerEngine, name: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "turnkey-api-image-"));
  try {
    const { api, diagnosticsPage } = await writeBundles(folder);
    await build(engine, {
      name,
      base: await nodeWithShell(engine, `${name}-base`),
      files: [
        packed("Dockerfile", "api/Dockerfile"),
        packed("api.mjs", api.path),
        packed("diagnostics-page.json", diagnosticsPage.path),
      ],
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What this machine has not got is pulled. */
const SAVE = `for image; do docker image inspect "$image" >/dev/null 2>&1 || docker pull -q "$image"; done
  docker save --output "$0" "$@"`;

/** Writes an archive of images of this machine's engine. */
export const saveImages = (file: string, images: readonly string[]): void =>
  void execFileSync("sh", ["-c", SAVE, file, ...images], { stdio: ["ignore", "ignore", "pipe"] });
