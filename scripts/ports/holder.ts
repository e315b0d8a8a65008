/** Names what is behind a socket, as far as this user may see it. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** The name of a running container, undefined for an id of none. */
export type ContainerName = (id: string) => string | undefined;

/**
 * `the container NAME` for a process in one, otherwise `caddy (pid 1234)`; empty when the process is
 * another user's. Linux only.
 */
export function holderOf({ inode }: { readonly inode: string }, containerName: ContainerName) {
  const socket = `socket:[${inode}]`;
  for (const pid of entries("/proc").filter((it) => /^\d+$/.test(it))) {
    const descriptors = `/proc/${pid}/fd`;
    if (!entries(descriptors).some((fd) => linkOf(`${descriptors}/${fd}`) === socket)) continue;
    const [id = ""] = /[0-9a-f]{64}/.exec(textOf(`/proc/${pid}/cgroup`)) ?? [];
    const container = containerName(id);
    return container
      ? `the container ${container}`
      : `${textOf(`/proc/${pid}/comm`).trim()} (pid ${pid})`;
  }
  return "";
}

// Any of these may be another user's, or of a process that has just ended.

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return "";
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
