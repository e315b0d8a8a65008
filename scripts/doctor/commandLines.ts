import { readdirSync, readFileSync } from "node:fs";

/** The command lines of this machine's processes, as far as Linux shows them; none elsewhere. */
export function commandLines(): string[] {
  try {
    return readdirSync("/proc")
      .filter((it) => /^\d+$/.test(it))
      .map(commandLine);
  } catch {
    return [];
  }
}

/** Empty for a process that has just ended. */
function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
