/** The set-up that every command begins with: what is there already costs milliseconds. */
import { dirname } from "node:path";
import { cacheFolder } from "../../machine/folders.ts";
import { canDownload } from "./canDownload.ts";
import { cliEnvironment } from "./cliEnvironment.ts";
import { readyEngine } from "./engineStep.ts";
import { makeLocalImages, usePublishedImages } from "./imageStep.ts";
import { stopEngineProcess } from "./ownEngine.ts";
import { privilege } from "./privilege.ts";
import { cliFile, installedCli } from "./pulumiPaths.ts";
import { readyPulumi } from "./pulumiStep.ts";
import { runStep } from "./runStep.ts";
import { askSource, knownSource, sourceLine } from "./source.ts";
import type { Source, SourceQuestion } from "./source.ts";
import { versions } from "./versions.ts";

/** `cli` the Pulumi CLI and its plugins, `engine` a Docker Engine that answers, `images` what the program will run there. */
export type Need = "cli" | "engine" | "images";

export interface PrepareOptions {
  readonly needs: readonly Need[];
  /** Consent to system-wide changes beforehand. */
  readonly yes?: boolean;
  /** Ask again whether official downloads work, whatever is remembered. */
  readonly online?: boolean;
}

export interface Prepared {
  readonly source: Source;
  /** Absolute path of the Pulumi CLI. */
  readonly pulumi: string;
  /** To be added to the environment of the CLI. */
  readonly env: Readonly<Record<string, string>>;
}

const say = (line: string) => process.stderr.write(`${line}\n`);

/** `tell` says which way it went: a command that only reads what is deployed has no need to. */
async function decideSource(online: boolean, tell: boolean): Promise<Source> {
  const question: SourceQuestion = {
    cache: cacheFolder(),
    now: new Date(),
    online,
    platform: process.platform,
    officialCli: installedCli() === "official",
    probe: () => canDownload(versions.officialInstaller),
  };
  const known = knownSource(question);
  if (known?.source === "official") return known;
  let source = known;
  if (!source)
    await runStep("asking whether Pulumi can be downloaded", async () => {
      source = await askSource(question);
    });
  if (!source) throw new Error("the source was asked for and not told");
  if (tell || !known) say(sourceLine(source));
  return source;
}

/**
 * Sees that everything named in `needs` is there, installing what is missing with progress on stderr
 * and after a yes where the whole system is concerned. Throws a UserError for what is the user's part.
 */
export async function prepare({
  needs,
  yes = false,
  online = false,
}: PrepareOptions): Promise<Prepared> {
  const source = await decideSource(online, needs.length > 1);
  if (needs.includes("cli")) await readyPulumi(source.source);
  const engine =
    needs.includes("engine") || needs.includes("images") ? await readyEngine(yes) : undefined;
  if (engine && needs.includes("images")) {
    if (source.source === "official") usePublishedImages();
    else await makeLocalImages(engine);
  }
  return {
    source,
    pulumi: cliFile(),
    env: cliEnvironment(process.env, dirname(cliFile()), source.source, engine?.endpoint),
  };
}

/** `down -- --engine`: stops the Docker Engine that Turnkey started, and says so; another is left alone. */
export async function stopOwnEngine(): Promise<void> {
  const outcome = await stopEngineProcess(privilege() ?? []);
  say(
    outcome === "stopped"
      ? "the Docker Engine is stopped"
      : "no Docker Engine that Turnkey started is running: nothing to stop",
  );
}
