import { removeObject } from "../../machine/engineObjects.ts";
import type { DockerEngine } from "../../machine/dockerEngine.ts";
import { isNotFound } from "../../machine/engineError.ts";
import { look, type Look } from "../../machine/look.ts";
import type { Kind, KindTable } from "../provider/kind.ts";
import type { Props } from "../provider/value.ts";
import type { Clock } from "./clock.ts";
import { labelField, labelList, labelMap } from "./labels.ts";
import { meta } from "./meta.ts";
import { untilUnused } from "./untilUnused.ts";

const table: KindTable = {
  inputs: {
    name: { type: "string", required: true, replaces: true },
    driver: { type: "string", replaces: true, computed: true },
    labels: labelField,
  },
  outputs: { cluster: { unset: true }, driverOpts: { unset: true }, mountpoint: {} },
  stables: ["driver", "driverOpts", "labels", "name"],
  meta: meta.volume,
  deleteBeforeReplace: true,
};

/** `docker:index/volume:Volume`. */
export const volumeKind = (engine: DockerEngine, clock: Clock): Kind => ({
  table,
  async create(inputs) {
    const given = look(inputs);
    const volume = await engine.json("POST", "/volumes/create", {
      Name: given.text("name"),
      Driver: given.text("driver") || undefined,
      Labels: labelMap(inputs["labels"]),
    });
    return { id: look(volume).text("Name"), outputs: stateOf(look(volume)) };
  },
  async read(id) {
    try {
      const volume = await engine.json("GET", `/volumes/${encodeURIComponent(id)}`);
      return { id, outputs: stateOf(look(volume)) };
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  },
  delete: (id) =>
    untilUnused(clock, /volume is in use/, () => removeObject(engine, { kind: "volume", id })),
});

const stateOf = (volume: Look): Props => ({
  name: volume.text("Name"),
  driver: volume.text("Driver"),
  driverOpts: volume.textMap("Options"),
  labels: labelList(volume.textMap("Labels")),
  mountpoint: volume.text("Mountpoint"),
});
