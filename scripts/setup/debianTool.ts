/** Programs out of Debian's packages that tests and benchmarks run beside ours, without installing them. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildsFolder } from "./goCommand.ts";
import { unpackPackages } from "./debianPackages.ts";
import { runStep } from "./runStep.ts";

/** Each by its package, with what it is for. */
const PURPOSES = {
  coturn: "a TURN server to compare with",
  sslscan: "to see what TLS a node offers",
} as const;
export type DebianTool = keyof typeof PURPOSES;

const folderOf = (name: DebianTool) => join(buildsFolder(), `debian-${name}`);

export interface UnpackedTool {
  /** The folder that stands for `/`. */
  readonly root: string;
  /** A program of it as words to be run: `env`, which tells where its libraries are, and the program's path. */
  command(program: string): readonly string[];
}

/** Where the tool was unpacked. Throws when it was not. */
export function debianTool(name: DebianTool): UnpackedTool {
  const root = folderOf(name);
  if (!existsSync(root))
    throw new Error(`Debian's ${name} is not here; \`npm run test:node\` fetches it`);
  const triplet = process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
  const libraries = ["usr/lib", "lib"].map((it) => join(root, it, triplet)).join(":");
  return {
    root,
    command: (program) => ["env", `LD_LIBRARY_PATH=${libraries}`, join(root, "usr/bin", program)],
  };
}

/** Unpacks what is not there. Throws a UserError where apt cannot fetch it. */
export async function readyDebianTool(name: DebianTool): Promise<void> {
  if (existsSync(folderOf(name))) return;
  await runStep(`fetching ${name}`, async (context) => {
    mkdirSync(buildsFolder(), { recursive: true });
    const work = mkdtempSync(join(buildsFolder(), `${name}-`));
    try {
      const purpose = `${name}, ${PURPOSES[name]}`;
      const request = { name, withLibraries: true, purpose, folder: work };
      const { root } = await unpackPackages(request, context);
      renameSync(root, folderOf(name));
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
}
