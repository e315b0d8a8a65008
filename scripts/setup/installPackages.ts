/** Installs packages of Debian and Ubuntu for the whole system. */
import { UserError } from "../userError.ts";
import { CommandFailed, runCommand } from "./runCommand.ts";
import { runStep } from "./runStep.ts";
import type { StepContext } from "./runStep.ts";

export interface Installation {
  /** From aptInstall(), as the user was shown it. */
  readonly command: string;
  /** What goes before a command that changes the system, from agree(). */
  readonly before: readonly string[];
}

/** The command that installs these packages and what they cannot do without. */
export const aptInstall = (...packages: readonly string[]) =>
  `apt-get install -y --no-install-recommends ${packages.join(" ")}`;

function aptGet(before: readonly string[], line: string, context: StepContext): Promise<string> {
  const words = [...before, "env", "DEBIAN_FRONTEND=noninteractive", ...line.split(" ")];
  const [file = "env", ...args] = words;
  return runCommand({ file, args }, context);
}

/** Runs the command as a step; `what` is its name, such as `Docker Engine`. Throws a UserError with apt's words. */
export async function installPackages(
  what: string,
  { command, before }: Installation,
): Promise<void> {
  await runStep(`installing ${what}`, async (context) => {
    try {
      // Without fresh package lists the packages are unknown or gone from the mirror.
      await aptGet(before, command, context).catch(async () => {
        await aptGet(before, "apt-get update", context);
        await aptGet(before, command, context);
      });
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      throw new UserError(
        [`${what} could not be installed`, ...error.lines].join("\n"),
        ["mend what apt-get says, then run the same command again"],
        { cause: error },
      );
    }
  });
}
