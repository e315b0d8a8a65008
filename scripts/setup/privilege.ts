/** How system-wide changes are made here, and whether the user agrees to one. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline/promises";
import { spawnSync } from "node:child_process";
import { Refusal } from "../userError.ts";

/** Folders of system tools that an ordinary user's PATH may lack. */
const systemFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** The absolute path of a program on PATH or among the system's tools. */
export function findProgram(name: string, path = process.env["PATH"] ?? ""): string | undefined {
  return [...path.split(delimiter), ...systemFolders]
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** What goes before a command that changes the system: nothing for root, `sudo`, or none to be had. */
export type Privilege = readonly [] | readonly ["sudo"] | undefined;

export function privilege(uid = process.getuid?.(), sudo = findProgram("sudo")): Privilege {
  if (uid === 0) return [];
  return sudo === undefined ? undefined : ["sudo"];
}

/** Whether commands can run as root without a word from the user: as root, or by a sudo that asks nothing. */
export const mayBeRoot = (before: Privilege): boolean =>
  before !== undefined &&
  (before.length === 0 || spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0);

export interface Question {
  /** What is wrong, such as `Docker Engine is not installed`. */
  readonly problem: string;
  /** What would be run, without `sudo`. */
  readonly commands: readonly string[];
}

export interface Consent {
  /** The user said yes beforehand: `--yes`. */
  readonly yes: boolean;
  readonly terminal: boolean;
  readonly privilege: Privilege;
  /** Shows the question on a terminal and gives the answer typed. */
  readonly ask: (question: string) => Promise<string>;
  /** Lets sudo ask for the password now, before progress is shown; false when it is refused. */
  readonly unlockSudo: () => boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether a machine of continuous integration runs this. */
export const inCi = (env: Environment = process.env) =>
  env["CI"] !== undefined && env["CI"] !== "" && env["CI"] !== "false";

/** `CI=true` says yes like `--yes` does. */
export const saidYes = (yes: boolean, env: Environment) => yes || inCi(env);

async function askOnTerminal(question: string): Promise<string> {
  // stdout belongs to the command.
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

/** The consent of this process's user. */
export function consentHere(yes: boolean): Consent {
  const terminal = process.stdin.isTTY && process.stderr.isTTY;
  return {
    yes: saidYes(yes, process.env),
    terminal,
    privilege: privilege(),
    ask: askOnTerminal,
    unlockSudo: () =>
      spawnSync("sudo", terminal ? ["-v"] : ["-n", "true"], { stdio: "inherit" }).status === 0,
  };
}

/**
 * Asks whether the commands may be run, and gives what goes before each of them. Throws a Refusal
 * with the commands when the user says no, cannot be asked, or may not change the system.
 */
export async function agree(question: Question, consent: Consent): Promise<string[]> {
  const before = consent.privilege ?? [];
  const commands = question.commands.map((command) => [...before, command].join(" "));
  const byHand = (intro: string) => new Refusal(question.problem, [intro, ...commands]);
  if (!consent.privilege) throw byHand("neither root nor sudo is to be had; as root, run:");
  if (!consent.yes) {
    if (!consent.terminal)
      throw byHand("without a terminal nothing is asked: add `-- --yes`, or run:");
    const asked = `${question.problem}. Run this now?\n  ${commands.join("\n  ")}\n[y/N] `;
    if (!/^y(es)?$/i.test((await consent.ask(asked)).trim()))
      throw byHand("nothing was changed; to do it by hand, run:");
  }
  if (before.length > 0 && !consent.unlockSudo()) throw byHand("sudo refused; as root, run:");
  return before.length > 0 ? ["sudo", "-n"] : [];
}
