/** A server's process on the servers' core. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { shellWord } from "../../scripts/shellWord.ts";
import { asRoot } from "../../test/support/node/asRoot.ts";
import { startProgram, type ProgramStart } from "../../test/support/node/program.ts";
import { runCommand } from "../../scripts/setup/runCommand.ts";
import { SERVER_CORE } from "./places.ts";
import { nodeScheduling } from "./scheduling.ts";

const POLL_MS = 20;

/** One that runs. */
export interface ServerProcess {
  /** What it holds in memory, in KiB (VmRSS). */
  memoryKib(): number;
  /** Kills it. */
  stop(): Promise<void>;
}

/** What is run, and where. */
export interface ServerStart extends ProgramStart {
  /** A folder that is `/` to it; undefined for this machine's. */
  readonly root: string | undefined;
  /** Whether it is scheduled as a node's containers are. */
  readonly asOnNode: boolean;
}

/** Starts it and waits until it listens. */
export async function startServer(start: ServerStart): Promise<ServerProcess> {
  const { root, asOnNode, command, folder, name } = start;
  const pidFile = join(folder, `${name}.pid`);
  const words = [
    "taskset",
    "-c",
    `${SERVER_CORE}`,
    ...(asOnNode ? nodeScheduling() : []),
    ...(root === undefined ? [] : ["chroot", root]),
    ...command,
  ];
  // `ip netns exec` gives it mounts of its own, which end with it.
  const mounts =
    root === undefined
      ? []
      : [`mount --bind /dev ${shellWord(root)}/dev`, `mount -t proc proc ${shellWord(root)}/proc`];
  const script = [
    ...mounts,
    // A relay address is an open file, and a connection is one.
    'ulimit -n "$(ulimit -Hn)"',
    `echo $$ >${shellWord(pidFile)}`,
    `exec ${words.map(shellWord).join(" ")}`,
  ];
  await startProgram({ ...start, command: ["sh", "-ec", script.join("\n")] });
  const pid = readFileSync(pidFile, "utf8").trim();
  return {
    memoryKib: () =>
      Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]),
    stop: async () => {
      const [file = "kill", ...args] = asRoot("kill", "-KILL", pid);
      await runCommand({ file, args });
      // oxlint-disable-next-line no-await-in-loop -- a poll waits
      while (existsSync(`/proc/${pid}`)) await sleep(POLL_MS);
    },
  };
}
