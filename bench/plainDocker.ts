/**
 * The containers of a stack by plain Docker: the calls that `docker run` makes, and nothing else. What
 * every figure of the benchmark stands beside. (The command line itself cannot: its health checks need
 * a shell, which the API's image need not have.)
 */
import { execFileSync } from "node:child_process";
import { withQuery, type DockerEngine } from "../machine/dockerEngine.ts";
import { removeObject } from "../machine/engineObjects.ts";
import { look } from "../machine/look.ts";
import type { Plan, Service } from "../plan/plan.ts";
import { untilHealthy } from "./untilHealthy.ts";

const PREFIX = "plain-";
const NETWORK = `${PREFIX}network`;

/** One container to be: its name, and the body of the call that creates it. */
interface Twin {
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Twins {
  readonly containers: readonly Twin[];
  readonly volumes: readonly string[];
}

/** Describes twins of a deployed stack's containers, and copies the volumes that hold their files. */
export async function twinsOf(engine: DockerEngine, { services }: Plan): Promise<Twins> {
  const volumes = services.flatMap(volumesOf);
  for (const name of volumes) {
    // oxlint-disable-next-line no-await-in-loop -- a few, one after the other
    await engine.json("POST", "/volumes/create", { Name: `${PREFIX}${name}` });
    // oxlint-disable-next-line no-await-in-loop -- as above
    const [from, to] = await Promise.all([name, `${PREFIX}${name}`].map((it) => place(engine, it)));
    execFileSync("cp", ["-a", `${from}/.`, `${to}/`]);
  }
  const containers = await Promise.all(services.map((it) => twinOf(engine, it)));
  return { containers, volumes: volumes.map((it) => `${PREFIX}${it}`) };
}

const volumesOf = ({ containerName, folders }: Service) =>
  folders.map(({ live }) => (live ? `${containerName}-live` : containerName));

const place = async (engine: DockerEngine, volume: string) =>
  look(await engine.json("GET", `/volumes/${volume}`)).text("Mountpoint");

async function twinOf(engine: DockerEngine, { containerName, name }: Service): Promise<Twin> {
  const it = look(await engine.json("GET", `/containers/${containerName}/json`));
  const config = Object.fromEntries(it.entries("Config").map(([key, { value }]) => [key, value]));
  const host = Object.fromEntries(it.entries("HostConfig").map(([key, { value }]) => [key, value]));
  const shared = it.text("HostConfig", "NetworkMode") === "host";
  return {
    name: `${PREFIX}${containerName}`,
    body: {
      ...config,
      Labels: {},
      HostConfig: {
        ...host,
        NetworkMode: shared ? "host" : NETWORK,
        Mounts: it.list("Mounts").map((mount) => ({
          Type: "volume",
          Source: `${PREFIX}${mount.text("Name")}`,
          Target: mount.text("Destination"),
          ReadOnly: !mount.flag("RW"),
        })),
        Binds: [],
      },
      NetworkingConfig: shared ? {} : { EndpointsConfig: { [NETWORK]: { Aliases: [name] } } },
    },
  };
}

/** Creates and starts them one after the other, as a script would, and waits until all are healthy. */
export async function runTwins(engine: DockerEngine, { containers }: Twins): Promise<void> {
  await engine.json("POST", "/networks/create", { Name: NETWORK });
  for (const { name, body } of containers) {
    // oxlint-disable-next-line no-await-in-loop -- in order
    await engine.json("POST", withQuery("/containers/create", { name }), body);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await engine.json("POST", `/containers/${name}/start`);
  }
  await Promise.all(containers.map((it) => untilHealthy(engine, it.name)));
}

/** Removes the containers, killing them, and their network. */
export async function removeTwins(engine: DockerEngine, { containers }: Twins): Promise<void> {
  await Promise.all(
    containers.map((it) => removeObject(engine, { kind: "container", id: it.name })),
  );
  await removeObject(engine, { kind: "network", id: NETWORK });
}

/** Removes their files too. */
export async function forgetTwins(engine: DockerEngine, twins: Twins): Promise<void> {
  await removeTwins(engine, twins);
  await Promise.all(twins.volumes.map((id) => removeObject(engine, { kind: "volume", id })));
}
