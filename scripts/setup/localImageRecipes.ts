/** The images that are made where registries cannot be reached: LiveKit, Node for the API, HAProxy for the edge. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../userError.ts";
import { busyboxFile } from "./busybox.ts";
import { HAPROXY_PATH, haproxyContents, haproxyFolder, haproxySource } from "./haproxy.ts";
import { parseLdd } from "./imageContents.ts";
import type { ImageEntry, ImageFile } from "./imageContents.ts";
import { LOCAL_PREFIX } from "./importImage.ts";
import type { ImageRecipe } from "./importImage.ts";
import { builtCommand } from "./goCommand.ts";
import { runCommand } from "./runCommand.ts";
import { checkout, versions } from "./versions.ts";

/** Where Debian keeps the certificates of well-known authorities, in its system and in its images. */
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/** The Node that came with the dependencies. */
export const nodeFile = () =>
  join(checkout, "node_modules", `node-linux-${process.arch}`, "bin", "node");

function certificates(): ImageFile {
  if (!existsSync(CERTIFICATES))
    throw new UserError(`${CERTIFICATES} is missing, and the local images need it`, [
      "sudo apt-get install -y --no-install-recommends ca-certificates",
    ]);
  return { path: CERTIFICATES, mode: 0o644, source: CERTIFICATES };
}

/** A shell, and wget for health checks. */
const busybox = (): ImageEntry[] => [
  { path: "/bin/busybox", mode: 0o755, source: busyboxFile() },
  ...["sh", "wget"].map((name) => ({ path: `/bin/${name}`, target: "busybox" })),
];

/** Like the published image: the server, a shell and wget for health checks, and CA certificates. */
export function livekitImage(): ImageRecipe {
  const recipe = versions.builds.livekit;
  const { version, checksum } = recipe;
  const entrypoint = "/livekit-server";
  return {
    name: `${LOCAL_PREFIX}livekit-server`,
    version,
    entrypoint,
    entries: [
      {
        path: entrypoint,
        mode: 0o755,
        source: builtCommand(recipe),
        identity: `${checksum} ${process.arch}`,
      },
      ...busybox(),
      certificates(),
    ],
  };
}

/** Node at the place it has in the official image, with the system's libraries that it loads. */
export async function nodeImage(): Promise<ImageRecipe> {
  const source = nodeFile();
  const entrypoint = "/usr/local/bin/node";
  const libraries = parseLdd(await runCommand({ file: "ldd", args: [source] }));
  return {
    name: `${LOCAL_PREFIX}node`,
    version: versions.node,
    entrypoint,
    entries: [
      { path: entrypoint, mode: 0o755, source, identity: `${versions.node} ${process.arch}` },
      ...libraries.map((path): ImageEntry => ({ path, mode: 0o755, source: path })),
      certificates(),
      { path: "/tmp", folderMode: 0o1777 },
    ],
  };
}

/** HAProxy at the place it has in the official image, with its libraries, a shell and wget. */
export function haproxyImage(folder = haproxyFolder()): ImageRecipe {
  const { version, archives, paths } = haproxyContents(folder);
  return {
    name: `${LOCAL_PREFIX}haproxy`,
    version,
    entrypoint: HAPROXY_PATH,
    entries: [
      ...paths.map((path) => ({
        path,
        mode: 0o755,
        source: haproxySource(folder, path),
        identity: archives.join(" "),
      })),
      ...busybox(),
      { path: "/tmp", folderMode: 0o1777 },
    ],
  };
}
