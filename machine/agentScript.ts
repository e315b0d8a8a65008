import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The text of the agent that a node runs; it travels in the user data. */
export const agentScript = (): string =>
  readFileSync(join(import.meta.dirname, "..", "node", "agent.py"), "utf8");
