/** Writes what a service of the plan finds in its container into the file system of its image. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LateName, Service, ServiceFile } from "../../plan/plan.ts";

/** Texts that a plan has no value for. */
export type LateTexts = Partial<Readonly<Record<LateName, string>>>;

function textOf(file: ServiceFile, late: LateTexts): string {
  if ("text" in file) return file.text;
  const found = "late" in file ? late[file.late] : undefined;
  if (found === undefined) throw new Error(`there is nothing for ${file.path}`);
  return found;
}

/** Throws where a file has a text that is not in `late`. */
export function writeServiceFiles(root: string, service: Service, late: LateTexts): void {
  for (const path of ["/dev", "/proc", ...service.scratch])
    mkdirSync(join(root, path), { recursive: true });
  for (const file of service.folders.flatMap((it) => it.files)) {
    const place = join(root, file.path);
    mkdirSync(dirname(place), { recursive: true });
    rmSync(place, { force: true });
    writeFileSync(place, textOf(file, late), { mode: 0o400 });
  }
}
