/** A tool of Python's package index, in a Python environment of its own, for suites that need it. */
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

export interface PythonTool {
  /** As people call it. */
  readonly title: string;
  /** Of the list beside this file, `<name>.txt`: the tool and all it needs, each at one version. */
  readonly name: string;
  /** The program that is wanted, in the environment's `bin`. */
  readonly program: string;
  /** What it is for: `for trying the API by its description`. */
  readonly purpose: string;
}

/** The oldest Python that the versions of every list take. */
const PYTHON = "3.11";

/** Fails where Python is older, and with Debian's Python alone, which leaves out `ensurepip`. */
const PROBE = `import sys, venv, ensurepip; sys.exit(sys.version_info < (${PYTHON.replace(".", ", ")}))`;

/** What `pip freeze` told. */
const requirements = ({ name }: PythonTool) => join(import.meta.dirname, `${name}.txt`);

/** Where it is kept; another list of versions has another place. */
export const toolFolder = (tool: PythonTool, cache = cacheFolder()) => {
  const list = readFileSync(requirements(tool));
  const mark = createHash("sha256").update(list).digest("hex").slice(0, 8);
  return join(cache, `${tool.name}-${mark}`);
};

/** Written last, so that half an installation is none. */
const READY = "ready";

/** The tool's program, if it is installed whole. */
export function toolFile(tool: PythonTool, cache?: string): string | undefined {
  const home = toolFolder(tool, cache);
  return existsSync(join(home, READY)) ? join(home, "bin", tool.program) : undefined;
}

export interface PythonFacts {
  readonly platform: NodeJS.Platform;
  /** The text of /etc/os-release. */
  readonly osRelease: string;
  /** Whether there is a python3 at all. */
  readonly found: boolean;
}

/** What is missing and what installs it. Throws a Refusal where it is not ours to install. */
export function pythonQuestion(
  { purpose }: Pick<PythonTool, "purpose">,
  { platform, osRelease: text, found }: PythonFacts,
) {
  const problem = found
    ? `python3, ${purpose}, is older than ${PYTHON} or cannot make environments (venv)`
    : `python3, ${purpose}, cannot be found`;
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
async function readyPython(tool: PythonTool, yes: boolean): Promise<string> {
  const python = findProgram("python3");
  if (python !== undefined && (await worksHere(python))) return python;
  const facts = { platform: process.platform, osRelease: osRelease(), found: python !== undefined };
  const { problem, command } = pythonQuestion(tool, facts);
  const before = await agree({ problem, commands: [command] }, consentHere(yes));
  await installPackages("Python", { command, before });
  const installed = findProgram("python3");
  if (installed !== undefined && (await worksHere(installed))) return installed;
  throw new Refusal(`${problem}, and this system's packages have no other`, [
    `install Python ${PYTHON} or newer with venv, then run the same command again`,
  ]);
}

async function install(python: string, tool: PythonTool, context: StepContext): Promise<void> {
  const home = toolFolder(tool);
  rmSync(home, { recursive: true, force: true });
  await runCommand({ file: python, args: ["-m", "venv", home] }, context);
  const args = ["-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--no-deps"];
  // A package without a wheel would be built here by its own code.
  const only = ["--only-binary=:all:", "--requirement", requirements(tool)];
  await runCommand({ file: join(home, "bin", "python"), args: [...args, ...only] }, context);
  writeFileSync(join(home, READY), "");
}

/** Sees that the tool is installed. Throws a Refusal when it, or Python, is not to be had. */
export async function readyTool(tool: PythonTool, yes: boolean): Promise<void> {
  if (toolFile(tool) !== undefined) return;
  const python = await readyPython(tool, yes);
  await runStep(`installing ${tool.title}`, async (context) => {
    try {
      await install(python, tool, context);
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      throw new Refusal(
        [`${tool.title} could not be installed`, ...error.lines].join("\n"),
        ["check that pip reaches its package index, then run the same command again"],
        { cause: error },
      );
    }
  });
}
