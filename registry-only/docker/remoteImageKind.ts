import type { DockerEngine } from "../../machine/dockerEngine.ts";
import { isNotFound } from "../../machine/engineError.ts";
import { look, type Look } from "../../machine/look.ts";
import type { Kind, KindTable } from "../provider/kind.ts";
import type { Props } from "../provider/value.ts";
import { ensureImage, findImage } from "./ensureImage.ts";
import { meta } from "./meta.ts";

const table: KindTable = {
  inputs: {
    name: { type: "string", required: true, replaces: true },
    keepLocally: { type: "boolean" },
    platform: { type: "string", replaces: true },
  },
  outputs: {
    imageId: {},
    repoDigest: {},
    build: { unset: true },
    forceRemove: { unset: true },
    pullTriggers: { unset: true },
    triggers: { unset: true },
  },
  stables: ["name", "platform", "pullTriggers", "triggers"],
  meta: meta.image,
};

/** `docker:index/remoteImage:RemoteImage`: an image of that name on this machine counts, as it is. */
export const remoteImageKind = (engine: DockerEngine): Kind => ({
  table,
  async create(inputs) {
    const name = look(inputs).text("name");
    return stateOf(name, await ensureImage(engine, name, look(inputs).text("platform")));
  },
  async read(_id, outputs) {
    const name = look(outputs).text("name");
    const image = await findImage(engine, name);
    return image && stateOf(name, image);
  },
  async update(_id, _olds, news) {
    const name = look(news).text("name");
    const image = await ensureImage(engine, name, look(news).text("platform"));
    return stateOf(name, image).outputs;
  },
  async delete(_id, outputs) {
    if (look(outputs).flag("keepLocally")) return;
    const name = encodeURIComponent(look(outputs).text("name"));
    try {
      await engine.json("DELETE", `/images/${name}`);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  },
});

/** The official provider's id is the image's id and its name, in one word. */
function stateOf(name: string, image: Look): { id: string; outputs: Props } {
  const imageId = image.text("Id");
  const digests = image.texts("RepoDigests");
  const repository = name.split(":", 1)[0] ?? name;
  const repoDigest = digests.find((it) => it.startsWith(repository)) ?? digests[0] ?? "";
  return { id: imageId + name, outputs: { name, imageId, repoDigest } };
}
