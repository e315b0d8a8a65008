/** The containers of a stack started by plain `docker run`: what every figure of the benchmark stands beside. */
import { execFileSync } from "node:child_process";
import { connectEngine } from "../machine/dockerEngine.ts";
import { look } from "../machine/look.ts";
import type { Plan, Service } from "../plan/plan.ts";
import { listenAddress, row } from "../turn/ports.ts";
import { untilHealthy } from "./untilHealthy.ts";

const PREFIX = "plain-";
const NETWORK = `${PREFIX}network`;

const docker = (...args: readonly string[]) =>
  execFileSync("docker", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

const volumesOf = ({ containerName, folders }: Service) =>
  folders.map(({ path, live }) => ({
    path,
    name: live ? `${containerName}-live` : containerName,
  }));

/** Keeps the files of a deployed stack for its plain twins: copies of its volumes. */
export function copyVolumes({ services }: Plan): void {
  for (const service of services)
    for (const { name } of volumesOf(service)) {
      docker("volume", "create", `${PREFIX}${name}`);
      const from = look(JSON.parse(docker("volume", "inspect", name))).list()[0];
      const to = look(JSON.parse(docker("volume", "inspect", `${PREFIX}${name}`))).list()[0];
      const source = `${from?.text("Mountpoint")}/.`;
      execFileSync("cp", ["-a", source, `${to?.text("Mountpoint")}/`]);
    }
}

/** Starts them and waits until all are healthy. */
export async function runPlain(plan: Plan): Promise<void> {
  docker("network", "create", NETWORK);
  for (const service of plan.services) docker("run", "--detach", ...flags(plan, service));
  const engine = connectEngine();
  await Promise.all(plan.services.map((it) => untilHealthy(engine, plainName(it))));
}

/** Removes the containers and their network; the volumes stay for the next run. */
export function removePlain({ services }: Plan): void {
  docker("rm", "--force", ...services.map(plainName));
  docker("network", "rm", NETWORK);
}

export function removeVolumes({ services }: Plan): void {
  for (const service of services)
    for (const { name } of volumesOf(service)) docker("volume", "rm", `${PREFIX}${name}`);
}

export const plainName = ({ containerName }: Service) => `${PREFIX}${containerName}`;

/** What components/dockerHost.ts asks of the provider, as flags of the command line. */
function flags(plan: Plan, service: Service): string[] {
  const { limits, healthCheck, entrypoint, command } = service;
  const [program = "", ...rest] = [...entrypoint, ...command];
  return [
    ["--name", plainName(service)],
    ["--entrypoint", program],
    ["--user", service.user],
    ["--read-only", "--security-opt", "no-new-privileges:true", "--cap-drop", "ALL"],
    service.capabilities.flatMap((it) => ["--cap-add", it]),
    service.scratch.flatMap((it) => ["--tmpfs", `${it}:mode=0700`]),
    volumesOf(service).flatMap((it) => ["--volume", `${PREFIX}${it.name}:${it.path}:ro`]),
    Object.entries(service.environment).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
    ["--memory", `${limits.memoryMib}m`, "--memory-swap", `${limits.memoryMib}m`],
    ["--cpus", String(limits.cpus), "--restart", "unless-stopped"],
    ["--health-cmd", healthCheck.command.map(quoted).join(" ")],
    ["--health-interval", `${healthCheck.intervalSeconds}s`],
    ["--health-timeout", `${healthCheck.timeoutSeconds}s`],
    ["--health-retries", String(healthCheck.retries)],
    ["--health-start-period", `${healthCheck.startSeconds}s`],
    service.network === "host" ? ["--network", "host"] : published(plan, service),
    [service.image, ...rest],
  ].flat();
}

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

function published(plan: Plan, service: Service): string[] {
  const ports = service.ports
    .map((name) => row(plan.ports, name))
    .filter((it) => it.within === undefined)
    .flatMap((it) => {
      const range = it.from === it.to ? `${it.from}` : `${it.from}-${it.to}`;
      const address = listenAddress(it, plan.nodeAddress);
      return ["--publish", `${address}:${range}:${range}/${it.protocol}`];
    });
  return ["--network", NETWORK, "--network-alias", service.name, ...ports];
}
