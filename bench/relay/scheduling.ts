/** How a node has the processes of its containers scheduled. */
import { nodeScripts } from "../../machine/agentScript.ts";

/** What stands before a command that is to run so (chrt(1), of util-linux). */
export function nodeScheduling(
  scripts: Readonly<Record<string, string>> = nodeScripts(),
): readonly string[] {
  const policy = /^CPUSchedulingPolicy=(\w+)$/m.exec(scripts["host.py"] ?? "")?.[1];
  if (policy === undefined) throw new Error("host.py says no CPUSchedulingPolicy");
  return ["chrt", `--${policy}`, "0"];
}
