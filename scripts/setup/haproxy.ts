/** HAProxy and the libraries it loads, out of Debian's packages, without installing them. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import * as z from "zod";
import { unpackPackages, upstreamVersion } from "./debianPackages.ts";
import { buildsFolder } from "./goCommand.ts";
import { parseLdd } from "./imageContents.ts";
import { runCommand } from "./runCommand.ts";
import type { StepContext } from "./runStep.ts";

/** Where the program lies in the image, as in the published one. */
export const HAPROXY_PATH = "/usr/local/sbin/haproxy";

const Contents = z.strictObject({
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  /** The archives that the files are from. */
  archives: z.array(z.string()).min(1),
  /** Absolute paths in the image; on this machine they lie below `root` beside this document. */
  paths: z.array(z.string().startsWith("/")).min(1),
});
export type Contents = z.infer<typeof Contents>;

/** Where the files for the image are kept: whole or not at all. */
export const haproxyFolder = () => join(buildsFolder(), "haproxy");
const contentsFile = (folder: string) => join(folder, "contents.json");

/** The file on this machine for a path in the image. */
export const haproxySource = (folder: string, path: string) => join(folder, "root", path);

/** What lies in the folder. */
export const haproxyContents = (folder = haproxyFolder()): Contents =>
  Contents.parse(JSON.parse(readFileSync(contentsFile(folder), "utf8")));

/** Where Debian keeps libraries, and where a program looks for the one that loads the others. */
const architectures: Partial<Record<NodeJS.Architecture, { triplet: string; loader: string }>> = {
  x64: { triplet: "x86_64-linux-gnu", loader: "/lib64/ld-linux-x86-64.so.2" },
  arm64: { triplet: "aarch64-linux-gnu", loader: "/lib/ld-linux-aarch64.so.1" },
};

/** The files for the image, unpacked here: those of the program's libraries that it really loads. */
async function filesOf(root: string, context: StepContext) {
  const architecture = architectures[process.arch];
  if (!architecture) throw new Error(`no images are made for ${process.arch}`);
  const { triplet, loader } = architecture;
  const folders = ["lib", "usr/lib"].map((it) => join(root, it, triplet));
  const program = join(root, "usr/sbin/haproxy");
  const ownLoader = folders.map((it) => join(it, basename(loader))).find((it) => existsSync(it));
  if (ownLoader === undefined) throw new Error(`no package holds ${basename(loader)}`);
  // The system's loader might not fit these libraries.
  const args = ["--list", "--inhibit-cache", "--library-path", folders.join(":"), program];
  const printed = await runCommand({ file: ownLoader, args }, context);
  const libraries = parseLdd(printed);
  if (/=> not found/.test(printed) || libraries.some((it) => !it.startsWith(root)))
    throw new Error(`haproxy's packages do not hold all that it loads:\n${printed}`);
  return [
    { path: HAPROXY_PATH, source: program },
    ...libraries.map((source) => ({
      path: source === ownLoader ? loader : `/usr/lib/${triplet}/${basename(source)}`,
      source,
    })),
  ];
}

/** Fetches the packages and keeps the files that go into the image. */
export async function fetchHaproxy(context: StepContext): Promise<void> {
  mkdirSync(buildsFolder(), { recursive: true });
  const work = mkdtempSync(join(buildsFolder(), "haproxy-"));
  try {
    const [folder, kept] = [join(work, "packages"), join(work, "kept")];
    mkdirSync(folder);
    const purpose = "HAProxy, for the edge's image";
    const request = { name: "haproxy", withLibraries: true, purpose, folder };
    const { root, archives } = await unpackPackages(request, context);
    const files = await filesOf(root, context);
    for (const { path, source } of files) {
      const target = haproxySource(kept, path);
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(source, target);
    }
    const version = upstreamVersion(archives, "haproxy");
    const contents: Contents = {
      version,
      archives: [...archives],
      paths: files.map((it) => it.path),
    };
    writeFileSync(contentsFile(kept), JSON.stringify(contents, undefined, 2));
    renameSync(kept, haproxyFolder());
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
