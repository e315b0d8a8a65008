/** The file that holds a stack's state in a file backend, and the copies that Pulumi keeps of it. */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import * as z from "zod";
import { readIfThere } from "../../machine/readIfThere.ts";

const State = z.object({
  checkpoint: z.object({
    latest: z
      .object({ resources: z.array(z.object({ id: z.string().optional() })).nullish() })
      .nullish(),
  }),
});

/** One whole state. */
export interface WholeState {
  readonly file: string;
  readonly text: string;
  /** What the providers know the resources by. */
  readonly ids: ReadonlySet<string>;
}

/** Undefined for a file that is not there or does not hold a whole state. */
export function readState(file: string): WholeState | undefined {
  const text = readIfThere(file);
  try {
    const { checkpoint } = State.parse(JSON.parse(text ?? ""));
    const ids = (checkpoint.latest?.resources ?? []).flatMap(({ id }) => id ?? []);
    return { file, text: text ?? "", ids: new Set(ids) };
  } catch {
    return undefined;
  }
}

/** Where the state of a stack lies in the folder of a file backend (pkg/backend/diy/store.go). */
export const stateFile = (folder: string, project: string, stack: string) =>
  join(folder, ".pulumi", "stacks", project, `${stack}.json`);

/**
 * The newest whole state among Pulumi's copies: the one it makes before every write, then those of the
 * ends of updates. Undefined when there is none.
 */
export function newestCopy(folder: string, project: string, stack: string): WholeState | undefined {
  const backups = join(folder, ".pulumi", "backups", project, stack);
  // Their names end in the nanoseconds since 1970, `dev.1795322985819610768.json`.
  const newestFirst = entries(backups)
    .filter((name) => name.endsWith(".json"))
    .toSorted((a, b) => basename(b).localeCompare(basename(a)))
    .map((name) => join(backups, name));
  for (const file of [`${stateFile(folder, project, stack)}.bak`, ...newestFirst]) {
    const whole = readState(file);
    if (whole) return whole;
  }
  return undefined;
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
