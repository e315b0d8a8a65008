/** Builds the generator, whose modules its own go.sum vouches for; kept beside the other builds. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { goEnvironment } from "../../scripts/setup/buildGoCommand.ts";
import { findGo } from "../../scripts/setup/findGo.ts";
import { buildsFolder } from "../../scripts/setup/goCommand.ts";
import { runCommand } from "../../scripts/setup/runCommand.ts";
import { runStep } from "../../scripts/setup/runStep.ts";
import { versions } from "../../scripts/setup/versions.ts";

const SOURCE = join(import.meta.dirname, "generator");

/** Where the finished program lies: another text has another place. */
export function generatorFile(): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(SOURCE).toSorted()) {
    hash.update(name).update(readFileSync(join(SOURCE, name)));
  }
  return join(buildsFolder(), `relay-generator-${hash.digest("hex").slice(0, 8)}`);
}

/** Builds it unless it is there. */
export async function readyGenerator(): Promise<void> {
  const output = generatorFile();
  if (existsSync(output)) return;
  await runStep("building the generator", async (context) => {
    mkdirSync(buildsFolder(), { recursive: true });
    const work = `${output}.work`;
    const fresh = `${output}.new`;
    const args = [
      "build",
      "-v",
      "-trimpath",
      "-buildvcs=false",
      "-ldflags=-s -w",
      "-o",
      fresh,
      ".",
    ];
    const file = await findGo(versions.minimumGo);
    await runCommand({ file, args, cwd: SOURCE, env: goEnvironment(work) }, context);
    renameSync(fresh, output);
    rmSync(work, { recursive: true, force: true });
  });
}
