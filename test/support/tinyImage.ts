/** An image of one program, made from what this machine has: no registry is needed. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { withQuery } from "../../machine/dockerEngine.ts";
import type { DockerEngine } from "../../machine/dockerEngine.ts";
import { removeObject } from "../../machine/engineObjects.ts";
import { tarArchive } from "../../machine/tar.ts";

/** Commands for a container of the image, whose program is busybox or Node itself. */
export interface TinyProgram {
  /** Where the program is on this machine; it keeps its name, in the image's root. */
  readonly path: string;
  readonly sleep: string[];
  /** Succeeds when the file can be read. */
  readonly hasFile: (file: string) => string[];
  /** Prints a text and fails. */
  readonly fail: (text: string) => string[];
}

/** Busybox where it is installed, otherwise the Node that runs the tests; undefined off Linux. */
export function tinyProgram(): TinyProgram | undefined {
  if (process.platform !== "linux") return undefined;
  const busybox = ["/bin/busybox", "/usr/bin/busybox"].find((it) => existsSync(it));
  if (busybox)
    return {
      path: busybox,
      sleep: ["/busybox", "sleep", "600"],
      hasFile: (file) => ["/busybox", "test", "-r", file],
      fail: (text) => ["/busybox", "sh", "-c", `echo ${text}; exit 1`],
    };
  return {
    path: process.execPath,
    sleep: script("setTimeout(() => {}, 600_000)"),
    hasFile: (file) => script(`fs.accessSync(${JSON.stringify(file)})`),
    fail: (text) => script(`console.log(${JSON.stringify(text)}); process.exit(1)`),
  };
}

const script = (text: string) => [`/${basename(process.execPath)}`, "-e", text];

/** Imports the program with its shared libraries as an image of that name. */
export async function makeTinyImage(
  engine: DockerEngine,
  name: string,
  { path }: TinyProgram,
): Promise<void> {
  const files = [
    { path: basename(path), content: readFileSync(path), mode: 0o755 },
    ...sharedLibraries(path).map((it) => ({ path: it, content: readFileSync(it), mode: 0o755 })),
  ];
  const [repo, tag] = name.split(":");
  const answer = await engine.raw(
    "POST",
    withQuery("/images/create", { fromSrc: "-", repo, tag }),
    {
      body: tarArchive(files, new Date(0)),
      contentType: "application/x-tar",
    },
  );
  await answer.toArray();
}

/** Removes containers, networks and volumes by name, then the image: after a test, whatever it left. */
export async function sweep(engine: DockerEngine, names: string[], image: string): Promise<void> {
  for (const kind of ["container", "network", "volume"] as const)
    for (const id of names) await removeObject(engine, { kind, id });
  await engine.json("DELETE", `/images/${image}`);
}

/** What the dynamic linker loads for a program; nothing for a static one. */
function sharedLibraries(path: string): string[] {
  let listing: string;
  try {
    listing = execFileSync("ldd", [path], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return [];
  }
  return [...listing.matchAll(/(\/\S+) \(0x/g)].flatMap(([, library]) => library ?? []);
}
