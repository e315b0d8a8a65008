/** The tools that `npm test` readies for networks of a test's own. */
import { runCommand } from "../../scripts/setup/runCommand.ts";
import { findProgram, privilege } from "../../scripts/setup/privilege.ts";

/** Runs a tool as root, through a sudo that asks nothing; gives what it prints. Throws what it says. */
async function asRoot(tool: "ip" | "nft", args: readonly string[]): Promise<string> {
  const program = findProgram(tool);
  const before = privilege();
  if (program === undefined)
    throw new Error(`${tool} is not here; \`npm test\` readies it for the suites that need it`);
  if (before === undefined) throw new Error(`${tool} needs root, and there is no sudo`);
  const words = before.length > 0 ? ["sudo", "-n", program, ...args] : [program, ...args];
  const [file = program, ...rest] = words;
  return runCommand({ file, args: rest });
}

/** iproute2's `ip`. */
export const ip = (...args: readonly string[]) => asRoot("ip", args);

/** A program in a network namespace, such as `nft`. */
export const inNamespace = (name: string, ...command: readonly string[]) =>
  asRoot("ip", ["netns", "exec", name, ...command]);
