/** Readies the images that the program will name: nothing where registries are reached. */
import { existsSync, rmSync } from "node:fs";
import type { DockerEngine } from "../../machine/dockerEngine.ts";
import { localImagesFile } from "../../machine/localImages.ts";
import type { LocalImages } from "../../plan/machine.ts";
import { readIfThere } from "../../machine/readIfThere.ts";
import { busyboxFile, fetchBusybox } from "./busybox.ts";
import { ensureGoCommand } from "./goCommand.ts";
import { fetchHaproxy, haproxyFolder } from "./haproxy.ts";
import { hasImage, importImage, reference } from "./importImage.ts";
import type { ImageRecipe } from "./importImage.ts";
import { haproxyImage, livekitImage, nodeImage } from "./localImageRecipes.ts";
import { runStep } from "./runStep.ts";
import { versions } from "./versions.ts";
import { writeWhole } from "./writeWhole.ts";

/** On an ordinary machine: the program pulls published images, whatever was made here before. */
export const usePublishedImages = () => rmSync(localImagesFile(), { force: true });

const described = (image: ImageRecipe) => ({ reference: reference(image), version: image.version });

/** Tells the program of the images, if it does not know yet. */
function announce(images: LocalImages): void {
  const text = `${JSON.stringify(images, undefined, 2)}\n`;
  if (readIfThere(localImagesFile()) !== text) writeWhole(localImagesFile(), text);
}

async function ensureImage(title: string, engine: DockerEngine, image: ImageRecipe): Promise<void> {
  if (await hasImage(engine, image)) return;
  await runStep(title, () => importImage(engine, image));
}

/** Makes the local images that the engine does not hold yet, and names them for the program. */
export async function makeLocalImages(engine: DockerEngine): Promise<void> {
  if (!existsSync(busyboxFile())) await runStep("fetching busybox", fetchBusybox);
  const livekit = livekitImage();
  if (!(await hasImage(engine, livekit))) {
    const { version } = versions.builds.livekit;
    await runStep(`building LiveKit ${version} (about 2 minutes on 2 cores)`, (context) =>
      ensureGoCommand(versions.builds.livekit, context),
    );
    await runStep(`making the image ${reference(livekit)}`, () => importImage(engine, livekit));
  }
  const node = await nodeImage();
  await ensureImage(`making the image ${reference(node)}`, engine, node);
  if (!existsSync(haproxyFolder())) await runStep("fetching HAProxy", fetchHaproxy);
  const haproxy = haproxyImage();
  await ensureImage(`making the image ${reference(haproxy)}`, engine, haproxy);
  announce({
    livekit: described(livekit),
    node: described(node),
    haproxy: described(haproxy),
  });
}
