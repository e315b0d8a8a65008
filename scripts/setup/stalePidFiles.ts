/** Pid files that a dockerd leaves behind when it is killed, and that can keep the next one from starting. */
import { readFileSync } from "node:fs";
import { parseStat } from "./ownEngine.ts";

/** Where dockerd and the containerd it starts leave their numbers. */
export interface PidFiles {
  readonly dockerd: string;
  readonly containerd: string;
}

const DEFAULT_FILES: PidFiles = {
  dockerd: "/var/run/docker.pid",
  containerd: "/var/run/docker/containerd/containerd.pid",
};

/** A file's text, undefined when it cannot be read. */
export type Read = (file: string) => string | undefined;

export const readText: Read = (file) => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
};

/**
 * The pid files that name another process by now, or none. Daemons look only whether some process has
 * the number: where /run survives a restart of the machine, one often has.
 */
export const stalePidFiles = (
  read: Read = readText,
  { dockerd, containerd } = DEFAULT_FILES,
): string[] => {
  const isStale = (file: string, daemon: keyof PidFiles) => {
    const pid = read(file)?.trim();
    return pid !== undefined && parseStat(read(`/proc/${pid}/stat`) ?? "")?.name !== daemon;
  };
  return [
    ...(isStale(dockerd, "dockerd") ? [dockerd] : []),
    ...(isStale(containerd, "containerd") ? [containerd] : []),
  ];
};
