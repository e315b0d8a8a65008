/** A production node that boots on this machine, on an internet of its own. */
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { connectEngine } from "../../../machine/dockerEngine.ts";
import { cacheFolder } from "../../../machine/folders.ts";
import {
  AWS_NAMES,
  type CloudAccess,
  type Deployment,
  deployment,
  type Known,
  makeCloud,
  publish,
} from "./deployment.ts";
import { legoImage } from "../../../scripts/setup/lego.ts";
import { buildApiImage, saveImages } from "./images.ts";
import { type Internet, makeInternet } from "./internet.ts";
import { instanceMetadata, startMetadata } from "./instanceMetadata.ts";
import { type Keeper, orUndo, startKeeper } from "./keeper.ts";
import { type NodeMachine, startMachine } from "./machine.ts";
import { LEFT_WITH, NODE, NODE_NAME, type Place, SECOND } from "./places.ts";
import { startWorld, type World } from "./world.ts";

export interface Rig {
  readonly internet: Internet;
  readonly world: World;
  readonly node: NodeMachine;
  readonly deployed: Deployment;
  /** Where the node's AWS is spoken with. */
  readonly cloud: CloudAccess;
  /** How clients reach the node. */
  readonly host: string;
  /** PEM of what clients have to trust for that: the root of the authority that the node orders its certificate from. */
  trusted(): Promise<string>;
  /** Tag of the API's image on the node. */
  readonly apiImage: string;
  /** Takes the node's power away for a moment. */
  reboot(): Promise<void>;
  /** Switches on a second node beside the first, with the same user data. */
  switchOnSecond(): Promise<NodeMachine>;
  /** Gives the stack's address to the second node, at once: the first one has another. */
  moveAddress(): Promise<void>;
  /** Version of the document that was published. */
  readonly document: string;
  /** What each step of making the rig took, in milliseconds. */
  readonly took: Readonly<Record<string, number>>;
  remove(): Promise<void>;
}

export interface RigOptions {
  /** How clients come to the node. */
  readonly known?: Known;
  /** Whether the name leads to it from the start. */
  readonly resolves?: boolean;
}

/** Makes the rig, and switches the node on with the user data of a stack with these settings; by default its name leads to it. */
export async function startRig(
  values: Readonly<Record<string, object>> = {},
  options: RigOptions = {},
): Promise<Rig> {
  const keeper = startKeeper();
  return orUndo(keeper, () => make(values, options, keeper));
}

async function make(
  values: Readonly<Record<string, object>>,
  { known = "name", resolves = true }: RigOptions,
  keeper: Keeper,
): Promise<Rig> {
  const took: Record<string, number> = {};
  const timed = async <T>(what: string, work: () => T): Promise<Awaited<T>> => {
    const start = performance.now();
    const result = await work();
    took[what] = Math.round(performance.now() - start);
    return result;
  };
  const engine = connectEngine();
  mkdirSync(cacheFolder(), { recursive: true });
  // Not in /tmp, which may be in memory: images lie here.
  const folder = mkdtempSync(join(cacheFolder(), "node-rig-"));
  keeper.note("rm", "-rf", folder);

  const deployed = await timed("program", () => deployment(values, known));
  const apiImage = `turnkey.local/api:${randomBytes(4).toString("hex")}`;
  const remove = `docker rmi ${apiImage} ${apiImage}-base >/dev/null 2>&1 || true`;
  keeper.note("sh", "-c", remove);
  await timed("API image", () => buildApiImage(engine, apiImage));
  const images = join(folder, "images.tar");
  const others = deployed.document.services
    .filter(({ name }) => name !== "api")
    .map(({ image }) => image);
  await timed("save images", () => saveImages(images, [...others, legoImage, apiImage]));

  const internet = await timed("networks", () =>
    makeInternet(deployed.outputs.ports, keeper, folder),
  );
  const world = await timed("services", () =>
    startWorld({ namespace: internet.world, awsNames: AWS_NAMES, folder }),
  );
  if (resolves) await world.resolve({ [NODE_NAME]: NODE.public });
  const cloud = { namespace: internet.world, ca: world.ca };
  await timed("cloud", () => makeCloud(cloud, deployed));
  const document = await timed("publish", () => publish(cloud, deployed, apiImage));

  await timed("metadata", () => startMetadata(internet.router, folder));
  const switchOn = async (place: Place, instanceId: string, hostName: string) => {
    world.tell(instanceMetadata(place, instanceId), place);
    const { userData } = deployed;
    const machine = { userData, ca: world.ca, images, instanceId, hostName, folder };
    const started = await startMachine(engine, keeper, machine);
    await internet.plugNode(started.pid, place);
    return started;
  };
  const first = deployed.outputs.cloud?.instanceId ?? "";
  const node = await timed("switch on", () => switchOn(NODE, first, "node"));
  return {
    host: known === "name" ? NODE_NAME : NODE.public,
    trusted: async () => world.acmeRoot,
    internet,
    world,
    node,
    deployed,
    cloud,
    apiImage,
    reboot: async () => {
      await node.switchOff();
      await internet.plugNode(await node.switchOn(), NODE);
    },
    switchOnSecond: async () => {
      await internet.assign([NODE, SECOND]);
      return switchOn(SECOND, "i-0fedcba9876543210", "second");
    },
    moveAddress: async () => {
      const places = [
        { ...NODE, public: LEFT_WITH },
        { ...SECOND, public: NODE.public },
      ];
      for (const it of places) world.tell({ "meta-data/public-ipv4": it.public }, it);
      await internet.assign(places);
    },
    document,
    took,
    remove: () => keeper.undo(),
  };
}
