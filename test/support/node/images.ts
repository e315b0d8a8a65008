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
import { tarArchive } from "../../../machine/tar.ts";
import { nodeImage } from "../../../plan/images.ts";
import { laptop } from "../plans.ts";

/** Builds the API's image by its Dockerfile, on the Node that this machine has. */
export async function buildApiImage(engine: DockerEngine, name: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "turnkey-api-image-"));
  try {
    const { api, diagnosticsPage } = await writeBundles(folder);
    const packed = (path: string, source: string) => ({
      path,
      content: readFileSync(source),
      mode: 0o644,
    });
    const context = tarArchive(
      [
        packed("Dockerfile", "api/Dockerfile"),
        packed("api.mjs", api.path),
        packed("diagnostics-page.json", diagnosticsPage.path),
      ],
      new Date(0),
    );
    const base = nodeImage(undefined, { ...laptop, localImages: readLocalImages() });
    const query = { t: name, buildargs: JSON.stringify({ NODE_IMAGE: base }) };
    const answer = await engine.raw("POST", withQuery("/build", query), {
      body: context,
      contentType: "application/x-tar",
    });
    const lines = (await text(answer)).split("\n").filter((it) => it.trim() !== "");
    const failure = lines.map((it) => look(JSON.parse(it)).text("error")).find(Boolean);
    if (failure) throw new Error(failure);
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
