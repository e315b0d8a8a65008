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
    internal: { type: "boolean", replaces: true, computed: true },
    ipamDriver: { type: "string", replaces: true, default: "default" },
    labels: labelField,
    options: { type: { map: "string" }, replaces: true, computed: true },
  },
  outputs: {
    ipamConfigs: {},
    scope: {},
    attachable: { unset: true },
    ingress: { unset: true },
    ipv6: { unset: true },
    ipamOptions: { unset: true },
  },
  stables: [
    "attachable",
    "driver",
    "ingress",
    "internal",
    "ipamConfigs",
    "ipamDriver",
    "ipamOptions",
    "ipv6",
    "labels",
    "name",
    "options",
  ],
  meta: meta.network,
  deleteBeforeReplace: true,
};

/** `docker:index/network:Network`. */
export const networkKind = (engine: DockerEngine, clock: Clock): Kind => ({
  table,
  async create(inputs) {
    const given = look(inputs);
    const answer = await engine.json("POST", "/networks/create", {
      Name: given.text("name"),
      // Without it, engines before 25 make a second network of the same name.
      CheckDuplicate: true,
      Driver: given.text("driver") || undefined,
      Internal: given.flag("internal"),
      IPAM: { Driver: given.text("ipamDriver") },
      Labels: labelMap(inputs["labels"]),
      Options: given.textMap("options"),
    });
    const id = look(answer).text("Id");
    return { id, outputs: stateOf(await inspect(engine, id)) };
  },
  async read(id) {
    try {
      return { id, outputs: stateOf(await inspect(engine, id)) };
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  },
  delete: (id) =>
    untilUnused(clock, /has active endpoints/, () => removeObject(engine, { kind: "network", id })),
});

const inspect = async (engine: DockerEngine, id: string) =>
  look(await engine.json("GET", `/networks/${id}`));

const stateOf = (network: Look): Props => ({
  name: network.text("Name"),
  driver: network.text("Driver"),
  scope: network.text("Scope"),
  internal: network.flag("Internal"),
  attachable: network.flag("Attachable"),
  ingress: network.flag("Ingress"),
  ipv6: network.flag("EnableIPv6"),
  labels: labelList(network.textMap("Labels")),
  options: network.textMap("Options"),
  ipamDriver: network.text("IPAM", "Driver"),
  ipamOptions: network.textMap("IPAM", "Options"),
  ipamConfigs: network.list("IPAM", "Config").map((it) => ({
    subnet: it.text("Subnet"),
    gateway: it.text("Gateway"),
    ipRange: it.text("IPRange"),
    auxAddress: it.textMap("AuxiliaryAddresses"),
  })),
});
