/** Schemathesis, which tries an API by its own OpenAPI description, in a Python environment of its own. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../machine/folders.ts";
import { Refusal } from "../userError.ts";
import { aptInstall, installPackages } from "./installPackages.ts";
import { isDebianLike, osRelease } from "./osRelease.ts";
import { agree, consentHere, findProgram } from "./privilege.ts";
import { CommandFailed, runCommand } from "./runCommand.ts";
import { runStep } from "./runStep.ts";
import type { StepContext } from "./runStep.ts";

/** It and all it needs, each at one version: what `pip freeze` told. */
const REQUIREMENTS = join(import.meta.dirname, "schemathesis.txt");

/** The oldest Python that these versions take. */
const PYTHON = "3.11";

/** Fails where Python is older, and with Debian's Python alone, which leaves out `ensurepip`. */
const PROBE = `import sys, venv, ensurepip; sys.exit(sys.version_info < (${PYTHON.replace(".", ", ")}))`;

/** Where it is kept; another list of versions has another place. */
export const schemathesisFolder = (cache = cacheFolder()) => {
  const mark = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 8);
  return join(cache, `schemathesis-${mark}`);
};

/** Written last, so that half an installation is none. */
const READY = "ready";

/** The program `schemathesis`, if it is installed whole. */
export function schemathesisFile(cache?: string): string | undefined {
  const home = schemathesisFolder(cache);
  return existsSync(join(home, READY)) ? join(home, "bin", "schemathesis") : undefined;
}

export interface PythonFacts {
  readonly platform: NodeJS.Platform;
  /** The text of /etc/os-release. */
  readonly osRelease: string;
  /** Whether there is a python3 at all. */
  readonly found: boolean;
}

/** What is missing and what installs it. Throws a Refusal where it is not ours to install. */
export function pythonQuestion({ platform, osRelease: text, found }: PythonFacts) {
  const problem = found
    ? `python3, for trying the API by its description, is older than ${PYTHON} or cannot make environments (venv)`
    : "python3, for trying the API by its description, cannot be found";
  if (platform !== "linux" || !isDebianLike(text))
    throw new Refusal(problem, [
      `install Python ${PYTHON} or newer with venv, then run the same command again`,
    ]);
  return { problem, command: aptInstall("python3-venv") };
}

async function worksHere(python: string): Promise<boolean> {
  try {
    await runCommand({ file: python, args: ["-c", PROBE] });
    return true;
  } catch (error) {
    if (error instanceof CommandFailed) return false;
    throw error;
  }
}

/** A Python that can make environments; asks before it installs one. */
async function readyPython(yes: boolean): Promise<string> {
  const python = findProgram("python3");
  if (python !== undefined && (await worksHere(python))) return python;
  const facts = { platform: process.platform, osRelease: osRelease(), found: python !== undefined };
  const { problem, command } = pythonQuestion(facts);
  const before = await agree({ problem, commands: [command] }, consentHere(yes));
  await installPackages("Python", { command, before });
  const installed = findProgram("python3");
  if (installed !== undefined && (await worksHere(installed))) return installed;
  throw new Refusal(`${problem}, and this system's packages have no other`, [
    `install Python ${PYTHON} or newer with venv, then run the same command again`,
  ]);
}

async function install(python: string, home: string, context: StepContext): Promise<void> {
  rmSync(home, { recursive: true, force: true });
  await runCommand({ file: python, args: ["-m", "venv", home] }, context);
  const args = ["-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--no-deps"];
  // A package without a wheel would be built here by its own code.
  const only = ["--only-binary=:all:", "--requirement", REQUIREMENTS];
  await runCommand({ file: join(home, "bin", "python"), args: [...args, ...only] }, context);
  writeFileSync(join(home, READY), "");
}

/** Sees that Schemathesis is installed. Throws a Refusal when it, or Python, is not to be had. */
export async function readySchemathesis(yes: boolean): Promise<void> {
  if (schemathesisFile() !== undefined) return;
  const python = await readyPython(yes);
  await runStep("installing Schemathesis", async (context) => {
    try {
      await install(python, schemathesisFolder(), context);
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      throw new Refusal(
        ["Schemathesis could not be installed", ...error.lines].join("\n"),
        ["check that pip reaches its package index, then run the same command again"],
        { cause: error },
      );
    }
  });
}
