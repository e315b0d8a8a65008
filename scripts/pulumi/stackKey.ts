import { createHash } from "node:crypto";
import type { Backend } from "./backend.ts";
import { shortName } from "./stackFiles.ts";

/** Tells one stack of one backend from every other, whichever checkout works on it. 16 hex digits. */
export const stackKey = (backend: Backend, stack: string): string =>
  createHash("sha256")
    .update(JSON.stringify([backend, shortName(stack)]))
    .digest("hex")
    .slice(0, 16);
