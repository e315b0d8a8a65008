/** Pid files that a dockerd leaves behind when it is killed, and that can keep the next one from starting. */
import { readFileSync } from "node:fs";
import { parseStat } from "./ownEngine.ts";

/** The file of each daemon and the name of its process; the second is started by the first. */
const PID_FILES = [
  { file: "/var/run/docker.pid", daemon: "dockerd" },
  { file: "/var/run/docker/containerd/containerd.pid", daemon: "containerd" },
] as const;

/** A file's text, undefined when it cannot be read. */
export type Read = (file: string) => string | undefined;

const readText: Read = (file) => {
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
export const stalePidFiles = (read: Read = readText): string[] =>
  PID_FILES.filter(({ file, daemon }) => {
    const pid = read(file)?.trim();
    return pid !== undefined && parseStat(read(`/proc/${pid}/stat`) ?? "")?.name !== daemon;
  }).map(({ file }) => file);
