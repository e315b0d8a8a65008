/** Which Node runs Turnkey, and whether the dependencies that it came with are those of the lock. */
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { look } from "../../../machine/look.ts";
import type { Check } from "../check.ts";
import { ok, problem, warning, type Finding } from "../finding.ts";

const numbers = (version: string) => version.split(".").map(Number);

/** Whether a version is at least that of a range such as `>=22.18`. */
export function satisfies(version: string, range: string): boolean {
  const [wanted, given] = [numbers(range.replace(/^>=/, "")), numbers(version)];
  const index = wanted.findIndex((it, place) => it !== (given[place] ?? 0));
  return index === -1 || (given[index] ?? 0) > (wanted[index] ?? 0);
}

/** What a Node is to the manifest's `engines.node`. */
export function nodeFinding(version: string, file: string, range: string): Finding {
  const text = `Node ${version} (${file})`;
  return satisfies(version, range)
    ? ok(text)
    : problem(
        `${text} is too old; wanted is ${range}`,
        "npm run up brings a Node of its own; where there is none for this platform, install Node 24 (https://nodejs.org)",
      );
}

/** What scripts/bootstrap.mjs tells of the dependencies, in TURNKEY_DEPENDENCIES; nothing when they are as they should be. */
function dependencies(told: string | undefined): Finding[] {
  const mend = "npm run up installs them";
  if (told === "missing") return [problem("the dependencies are not installed", mend)];
  if (told === "stale")
    return [warning("the dependencies are not those of package-lock.json", mend)];
  return [];
}

export const node: Check = {
  run({ project, env }) {
    const manifest: unknown = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
    const range = look(manifest).text("engines", "node");
    return [
      nodeFinding(process.versions.node, process.execPath, range),
      ...dependencies(env["TURNKEY_DEPENDENCIES"]),
    ];
  },
};
