import { readFileSync } from "node:fs";
import { types } from "node:util";

/** The text of a file, undefined when there is no such file. Throws when it is there and cannot be read. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (types.isNativeError(error) && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
