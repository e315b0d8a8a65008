/** Pebble, Let's Encrypt's own ACME server for tests, and the DNS server that comes with it. */
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { buildGoCommand } from "./buildGoCommand.ts";
import { findGo } from "./findGo.ts";
import { builtCommand } from "./goCommand.ts";
import { runStep } from "./runStep.ts";
import { versions } from "./versions.ts";

const recipe = versions.builds.pebble;

/** Its commands, by what they are for. */
const commands = { acme: "./cmd/pebble", dns: "./cmd/pebble-challtestsrv" } as const;

/** Where a built command lies. */
export const pebbleFile = (what: keyof typeof commands): string =>
  `${builtCommand(recipe)}-${basename(commands[what])}`;

/** Builds what is not there yet. */
export async function readyPebble(): Promise<void> {
  for (const what of ["acme", "dns"] as const) {
    const output = pebbleFile(what);
    if (existsSync(output)) continue;
    const command = commands[what];
    // oxlint-disable-next-line no-await-in-loop -- one build fills two processors
    await runStep(`building ${basename(command)} ${recipe.version}`, async (context) => {
      const go = await findGo(versions.minimumGo);
      const workFolder = `${output}.work`;
      await buildGoCommand({ recipe: { ...recipe, command }, go, output, workFolder }, context);
    });
  }
}
