/** A Docker Engine of a test's own, in a network namespace of its own: it may be stopped. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { connectEngine, type DockerEngine } from "../../machine/dockerEngine.ts";
import { readLocalImages } from "../../machine/localImages.ts";
import { inNamespace, ip } from "./networkTools.ts";
import { devPlan, laptop } from "./plans.ts";
import { until } from "./until.ts";

/** Not in /tmp, which may be in memory: images lie here. */
const PARENT = "/var/lib";

/** The images of a stack go from the machine's engine to this one, which has no way out to fetch any. */
const LOAD = `for image; do docker image inspect "$image" >/dev/null 2>&1 || docker pull -q "$image"; done
  docker save "$@" | docker --host "$0" load -q`;

const UNMOUNT = `cut -d" " -f2 /proc/mounts | grep "^$0/" | sort -r | xargs -r umount -l`;

const imagesOfAStack = () =>
  devPlan({}, { ...laptop, localImages: readLocalImages() }).services.map((it) => it.image);

export interface OwnEngine {
  readonly engine: DockerEngine;
  /** For DOCKER_HOST. */
  readonly url: string;
  /** Stops the daemon and starts it anew. */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

/** Gives the namespace an interface that is connected, to itself: WebRTC clients gather none of loopback. */
async function addInterface(namespace: string): Promise<void> {
  const [one, two] = ["lan0", "lan1"];
  for (const words of [
    ["link", "add", one, "type", "veth", "peer", "name", two],
    ["address", "add", "10.29.0.1/24", "dev", one],
    ["link", "set", one, "up"],
    ["link", "set", two, "up"],
  ])
    // oxlint-disable-next-line no-await-in-loop -- each needs what is before it
    await inNamespace(namespace, "ip", ...words);
}

/** Starts it in the namespace, which it makes, with the images of the machine's engine loaded. */
export async function startOwnEngine(namespace: string): Promise<OwnEngine> {
  const folder = mkdtempSync(join(PARENT, "turnkey-engine-"));
  const url = `unix://${folder}/docker.sock`;
  const engine = connectEngine({ url, source: "the test" });
  await ip("netns", "add", namespace);
  await inNamespace(namespace, "ip", "link", "set", "lo", "up");
  await addInterface(namespace);
  mkdirSync(join(folder, "data"));
  let daemon: ChildProcess;

  const answers = async () => {
    try {
      await engine.json("GET", "/version");
      return true;
    } catch {
      return false;
    }
  };
  const start = async () => {
    const log = openSync(join(folder, "dockerd.log"), "a");
    const paths = ["--data-root", join(folder, "data"), "--exec-root", join(folder, "exec")];
    const files = ["--pidfile", join(folder, "docker.pid"), "--host", url];
    // Not `ip netns exec`, which mounts a /sys without the cgroups.
    const args = [`--net=/run/netns/${namespace}`, "dockerd", ...paths, ...files];
    daemon = spawn("nsenter", args, { stdio: ["ignore", log, log] });
    await until(answers, 30_000);
  };
  const stop = async () => {
    const ended = once(daemon, "exit");
    if (daemon.exitCode === null && daemon.kill("SIGTERM")) await ended;
  };

  const remove = async () => {
    await stop();
    await ip("netns", "del", namespace);
    // The daemon leaves the networks of its containers mounted.
    execFileSync("sh", ["-c", UNMOUNT, folder]);
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    await start();
    execFileSync("sh", ["-c", LOAD, url, ...imagesOfAStack()]);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    engine,
    url,
    restart: async () => {
      await stop();
      await start();
    },
    remove,
  };
}
