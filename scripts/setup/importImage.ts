/** Makes an image out of files, through the Docker Engine's API and without a build. */
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { DockerEngine } from "../../machine/dockerEngine.ts";
import { withQuery } from "../../machine/dockerEngine.ts";
import { EngineError, isNotFound } from "../../machine/engineError.ts";
import { look } from "../../machine/look.ts";
import { tarParts } from "../../machine/tar.ts";
import { archiveEntries, contentsHash } from "./imageContents.ts";
import type { ImageEntry } from "./imageContents.ts";

/** An image to be made. */
export interface ImageRecipe {
  /** Name without tag, such as `turnkey.local/node`. */
  readonly name: string;
  readonly version: string;
  readonly entrypoint: string;
  readonly entries: readonly ImageEntry[];
}

/** Says what is inside an image of ours. */
export const CONTENT_LABEL = "dev.turnkey.content";

/** Every image name of ours begins so: no registry can have it. */
export const LOCAL_PREFIX = "turnkey.local/";

/** Name and tag under which the engine knows the image. */
export const reference = ({ name, version }: ImageRecipe) => `${name}:${version}`;

/** Whether the engine holds the image with exactly these contents. */
export async function hasImage(engine: DockerEngine, image: ImageRecipe): Promise<boolean> {
  try {
    const found = look(await engine.json("GET", `/images/${reference(image)}/json`));
    const { [CONTENT_LABEL]: label } = found.textMap("Config", "Labels");
    return label === contentsHash(image.entries, image.entrypoint);
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Makes the image, or makes it anew; the one it takes the name from stays while a container uses it. */
export async function importImage(engine: DockerEngine, image: ImageRecipe): Promise<void> {
  const { name, version, entrypoint, entries } = image;
  const changes = [
    `ENTRYPOINT ${JSON.stringify([entrypoint])}`,
    "ENV PATH=/usr/local/bin:/usr/bin:/bin",
    `LABEL ${CONTENT_LABEL}=${contentsHash(entries, entrypoint)}`,
  ];
  const path = withQuery("/images/create", { fromSrc: "-", repo: name, tag: version });
  const query = changes.map((change) => `&changes=${encodeURIComponent(change)}`).join("");
  const answer = await engine.raw("POST", path + query, {
    body: Readable.from(tarParts(archiveEntries(entries), new Date(0))),
    contentType: "application/x-tar",
  });
  // The engine answers 200 before it has read the archive: what went wrong is among its lines.
  const lines = (await text(answer)).split("\n").filter((line) => line.trim() !== "");
  const failure = lines.map((line) => look(JSON.parse(line)).text("error")).find(Boolean);
  if (failure) throw new EngineError("answer", `${reference(image)} was not made: ${failure}`, "");
}

/** Removes every image that was made here; gives the names. One that a container uses stays. */
export async function removeLocalImages(engine: DockerEngine): Promise<string[]> {
  const filters = JSON.stringify({ label: [CONTENT_LABEL] });
  const images = look(await engine.json("GET", withQuery("/images/json", { filters })));
  const names = images.list().flatMap((image) => image.texts("RepoTags"));
  const removed: string[] = [];
  for (const name of names.filter((it) => it.startsWith(LOCAL_PREFIX))) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- three at most
      await engine.json("DELETE", `/images/${name}`);
      removed.push(name);
    } catch (error) {
      if (!(error instanceof EngineError && error.status === 409)) throw error;
    }
  }
  return removed;
}
