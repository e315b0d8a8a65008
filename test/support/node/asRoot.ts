import { privilege } from "../../../scripts/setup/privilege.ts";

/** A command as root runs it: as it is for root, through a sudo that asks nothing for others. Throws where there is none. */
export function asRoot(...command: readonly string[]): string[] {
  const before = privilege();
  if (before === undefined)
    throw new Error(`${command.join(" ")} needs root, and there is no sudo`);
  return before.length > 0 ? ["sudo", "-n", ...command] : [...command];
}
