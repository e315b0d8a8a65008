/** A production node that boots on this machine, on an internet of its own. */
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { connectEngine } from "../../../machine/dockerEngine.ts";
import { cacheFolder } from "../../../machine/folders.ts";
import {
  AWS_NAMES,
  type CloudAccess,
  type Deployment,
  deployment,
  makeCloud,
  publish,
} from "./deployment.ts";
import { buildApiImage, saveImages } from "./images.ts";
import { type Internet, makeInternet } from "./internet.ts";
import { startMetadata } from "./instanceMetadata.ts";
import { type Keeper, startKeeper } from "./keeper.ts";
import { type NodeMachine, startMachine } from "./machine.ts";
import { NODE } from "./places.ts";
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
  /** PEM of what clients have to trust for that. */
  trusted(): Promise<string>;
  /** Tag of the API's image on the node. */
  readonly apiImage: string;
  /** Version of the document that was published. */
  readonly document: string;
  /** What each step of making the rig took, in milliseconds. */
  readonly took: Readonly<Record<string, number>>;
  remove(): Promise<void>;
}

/** Makes the rig, and switches the node on with the user data of a stack with these settings. */
export async function startRig(values: Readonly<Record<string, object>> = {}): Promise<Rig> {
  const keeper = startKeeper();
  try {
    return await make(values, keeper);
  } catch (error) {
    await keeper.undo();
    throw error;
  }
}

async function make(values: Readonly<Record<string, object>>, keeper: Keeper): Promise<Rig> {
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

  const deployed = await timed("program", () => deployment(values));
  const apiImage = `turnkey.local/api:${randomBytes(4).toString("hex")}`;
  const remove = `docker rmi ${apiImage} ${apiImage}-base >/dev/null 2>&1 || true`;
  keeper.note("sh", "-c", remove);
  await timed("API image", () => buildApiImage(engine, apiImage));
  const images = join(folder, "images.tar");
  const others = deployed.document.services
    .filter(({ name }) => name !== "api")
    .map(({ image }) => image);
  await timed("save images", () => saveImages(images, [...others, apiImage]));

  const internet = await timed("networks", () =>
    makeInternet(deployed.outputs.ports, keeper, folder),
  );
  const world = await timed("services", () =>
    startWorld({ namespace: internet.world, awsNames: AWS_NAMES, folder }),
  );
  const cloud = { namespace: internet.world, ca: world.ca };
  await timed("cloud", () => makeCloud(cloud, deployed));
  const document = await timed("publish", () => publish(cloud, deployed, apiImage));

  const { userData } = deployed;
  const instanceId = deployed.outputs.cloud?.instanceId ?? "";
  const node = await timed("switch on", async () => {
    const machine = await startMachine(engine, keeper, {
      userData,
      ca: world.ca,
      images,
      instanceId,
      folder,
    });
    await internet.plugNode(machine.pid);
    await startMetadata(internet.router, folder);
    return machine;
  });
  return {
    host: NODE.public,
    trusted: async () => {
      const kept = await node.run(["cat", "/run/turnkey/certificate.json"], 20_000);
      return z.object({ chain: z.string() }).parse(JSON.parse(kept)).chain;
    },
    internet,
    world,
    node,
    deployed,
    cloud,
    apiImage,
    document,
    took,
    remove: () => keeper.undo(),
  };
}
