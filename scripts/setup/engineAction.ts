/** Decides what gets a Docker Engine to answer on this machine. */
import type { EngineError } from "../../machine/engineError.ts";
import { UserError } from "../userError.ts";
import { aptInstall } from "./installPackages.ts";
import { isDebianLike } from "./osRelease.ts";

/** The page that tells how to install Docker, by platform. */
const vendorPages: Partial<Record<NodeJS.Platform, string>> = {
  linux: "https://docs.docker.com/engine/install/",
};
const desktopPage = "https://docs.docker.com/desktop/";

/** The packages installed on Debian and Ubuntu. */
export const installCommand = aptInstall("docker.io", "iptables");
export const serviceCommand = "systemctl start docker";

export interface EngineFacts {
  /** Why the engine does not answer. */
  readonly error: EngineError;
  /** Whether the engine asked for is the platform's default one, not one that the user named. */
  readonly isDefault: boolean;
  readonly platform: NodeJS.Platform;
  /** The text of /etc/os-release, empty where there is none. */
  readonly osRelease: string;
  /** Whether systemd runs this machine. */
  readonly systemd: boolean;
  /** Whether the daemon is installed. */
  readonly dockerd: boolean;
  /** Whether an engine that Turnkey started runs (it may still be starting). */
  readonly own: boolean;
}

/** `wait` is for an engine of ours that is still starting. */
export type EngineAction = "wait" | "install" | "start-service" | "start-daemon";

/** What to do. Throws a UserError where that is not ours to do. */
export function engineAction(facts: EngineFacts): EngineAction {
  const { error, isDefault, platform, osRelease, systemd, dockerd, own } = facts;
  const absent = error.kind === "missing" || error.kind === "refused";
  if (!absent || !isDefault)
    throw new UserError(error.what, error.mend ? [error.mend] : [], { cause: error });
  const page = vendorPages[platform];
  if (page === undefined)
    throw new UserError(
      error.what,
      ["start Docker Desktop, or install it:", desktopPage, "then run the same command again"],
      { cause: error },
    );
  if (own) return "wait";
  if (dockerd) return systemd ? "start-service" : "start-daemon";
  if (isDebianLike(osRelease)) return "install";
  throw new UserError(
    "Docker Engine is not installed, and Turnkey installs it only on Debian and Ubuntu",
    ["its vendor tells how:", page, "then run the same command again"],
    { cause: error },
  );
}

/** What the daemon's last words mean, the likeliest first; `line` is looked for in its log. */
const causes = [
  {
    line: /pid file found|process with PID \d+ is still running/i,
    cause:
      "another dockerd is running, or one ended without removing /var/run/docker.pid (remove it if none runs)",
  },
  {
    line: /iptables.*(not found|executable file)|find iptables/i,
    cause: "iptables is missing: sudo apt-get install -y --no-install-recommends iptables",
  },
  {
    line: /cgroup/i,
    cause:
      "control groups are not mounted here: inside a container, start that one with --privileged and its own cgroup namespace",
  },
  { line: /no space left/i, cause: "the disk is full" },
  {
    line: /operation not permitted|permission denied/i,
    cause:
      "this machine may not do what a Docker Engine needs: inside a container, start that one with --privileged",
  },
  {
    line: /address already in use|bind:/i,
    cause: "something else already listens where the engine would",
  },
] as const;

/** The likely cause of a daemon's end, if its last lines give one away. */
export const likelyCause = (lines: readonly string[]): string | undefined =>
  causes.find(({ line }) => lines.some((it) => line.test(it)))?.cause;
