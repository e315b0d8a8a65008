/** What a stack says, read from its file: the CLI tells it of existing stacks only, and may be missing. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { projectName } from "../pulumi/backendFolder.ts";
import { requireStackFile, stackFileName } from "../pulumi/stackFiles.ts";

const Project = z.object({
  config: z.record(z.string(), z.object({ default: z.unknown().optional() })).optional(),
});
const StackFile = z.object({ config: z.record(z.string(), z.unknown()).nullish() }).nullish();

/** In place of what is encrypted; fit for every secret setting (some may hold no space), as no port or address hangs on one. */
const UNKNOWN_SECRET = "a-secret-that-the-doctor-does-not-open";

const isRecord = (it: unknown): it is Record<string, unknown> =>
  typeof it === "object" && it !== null && !Array.isArray(it);

/** Pulumi writes an encrypted value as `{secure: ...}`. */
function opened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(opened);
  if (!isRecord(value)) return value;
  if (Object.keys(value).length === 1 && "secure" in value) return UNKNOWN_SECRET;
  return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, opened(it)]));
}

const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

/**
 * The settings as Pulumi gives them to the program, project defaults included, but for secrets. Throws
 * a UserError when the stack has no file.
 */
export function stackConfig(project: string, stack: string): Record<string, string> {
  requireStackFile(project, stack);
  const read = (file: string): unknown => parse(readFileSync(join(project, file), "utf8"));
  const name = projectName(project);
  const defaults = Object.entries(Project.parse(read("Pulumi.yaml")).config ?? {}).flatMap(
    ([key, it]) => (it.default === undefined ? [] : [[`${name}:${key}`, it.default] as const]),
  );
  const own = Object.entries(StackFile.parse(read(stackFileName(stack)))?.config ?? {});
  return Object.fromEntries([...defaults, ...own].map(([key, it]) => [key, asText(opened(it))]));
}
