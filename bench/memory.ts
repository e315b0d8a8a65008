/** Memory of containers and of the engine's proxy processes, in MiB. */
import { readdirSync, readFileSync } from "node:fs";
import type { DockerEngine } from "../machine/dockerEngine.ts";
import { look } from "../machine/look.ts";

const MIB = 2 ** 20;

/** What `docker stats` shows: what the container holds, without page cache that may go at any time. */
export async function containerMemory(engine: DockerEngine, name: string): Promise<number> {
  const stats = look(
    await engine.json("GET", `/containers/${name}/stats?stream=false&one-shot=true`),
  );
  const details = stats.at("memory_stats", "stats");
  // The first is of cgroup version 1, the second of version 2.
  const key = details.has("total_inactive_file") ? "total_inactive_file" : "inactive_file";
  const cache = details.number(key);
  return (stats.number("memory_stats", "usage") - cache) / MIB;
}

/** The proxies of published ports. */
export interface Proxies {
  readonly count: number;
  /** Proportional set size: what several share counts once. */
  readonly memoryMib: number;
}

/** The docker-proxy processes whose port on the machine is one of these. */
export function proxies(ports: ReadonlySet<number>): Proxies {
  const found = readdirSync("/proc")
    .filter((it) => /^\d+$/.test(it))
    .flatMap((pid) => {
      const words = read(`/proc/${pid}/cmdline`).split("\0");
      const port = Number(words[words.indexOf("-host-port") + 1]);
      return words[0]?.endsWith("docker-proxy") && ports.has(port) ? [pid] : [];
    });
  const kib = found.map((pid) =>
    Number(/^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0),
  );
  return { count: found.length, memoryMib: kib.reduce((sum, it) => sum + it, 0) / 1024 };
}

/** A process that ended meanwhile has nothing to say. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
