import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The checkout this file belongs to. */
export const repository = join(import.meta.dirname, "..");

/** Begins the name of every file that belongs to a stand-in, but for the executable itself. */
export const MARKER = "turnkey-stand-in";

/** One executable that stands in for a download of Pulumi's. */
export interface StandIn {
  /** The executable's file name, which Pulumi looks for. */
  readonly name: string;
  /** Absolute folder of the executable. */
  readonly folder: string;
  /** Its source, from the repository's root. */
  readonly entry: string;
}

const providers = ["random", "tls", "docker", "aws"];

/**
 * Where Pulumi looks for the language host (beside the CLI) and for the providers: in a plugin
 * folder that carries the exact version of the npm SDK.
 */
export async function standIns(pulumiHome: string, cliVersion: string): Promise<StandIn[]> {
  const plugins = providers.map(async (name): Promise<StandIn> => {
    const manifest = await readFile(
      join(repository, "node_modules/@pulumi", name, "package.json"),
      "utf8",
    );
    const { version }: { version: string } = JSON.parse(manifest);
    return {
      name: `pulumi-resource-${name}`,
      folder: join(pulumiHome, "plugins", `resource-${name}-v${version}`),
      entry: `registry-only/${name}/main.ts`,
    };
  });
  return [
    {
      name: "pulumi-language-nodejs",
      folder: join(pulumiHome, "versions", cliVersion, "bin"),
      entry: "registry-only/languageHost/main.ts",
    },
    ...(await Promise.all(plugins)),
  ];
}
