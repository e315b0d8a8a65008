/** What a node is run by: Python of this repository. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "..", "node");
const AGENT = "agent.py";

const read = (file: string) => readFileSync(join(FOLDER, file), "utf8");

/** The text of the agent; it travels in the user data. */
export const agentScript = (): string => read(AGENT);

/** The texts of what applies a node document, by file name; they travel in the document. */
export const nodeScripts = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(FOLDER)
      .filter((file) => file.endsWith(".py") && file !== AGENT)
      .toSorted()
      .map((file) => [file, read(file)]),
  );
