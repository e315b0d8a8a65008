/** What it takes to boot a production node in a test, beyond the Docker Engine and the images of a stack. */
import { connectEngine } from "../../machine/dockerEngine.ts";
import { readyDebianTool } from "./debianTool.ts";
import { readyLego } from "./lego.ts";
import { moto } from "./moto.ts";
import { readyNetworkTools } from "./networkTools.ts";
import { readyNodeRootFs } from "./nodeRootFs.ts";
import { readyPebble } from "./pebble.ts";
import { readyTool } from "./pythonTool.ts";

/** Sees that all of it is there, one after the other. Throws a Refusal when something is not to be had. */
export async function readyNodeRig(yes: boolean): Promise<void> {
  await readyNetworkTools(yes);
  await readyTool(moto, yes);
  await readyPebble();
  await readyLego(connectEngine());
  await readyDebianTool("coturn");
  await readyDebianTool("sslscan");
  await readyNodeRootFs(connectEngine(), yes);
}
