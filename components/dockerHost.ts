import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { HealthCheck, Plan, Service } from "../plan/plan.ts";
import { listenAddress, row } from "../turn/ports.ts";
import { DockerFiles } from "./dockerFiles.ts";
import { dockerLabels } from "./dockerLabels.ts";
import type { Host, HostArgs } from "./host.ts";

/** Runs the services of a plan as containers of the Docker Engine on this machine. */
export class DockerHost extends pulumi.ComponentResource implements Host {
  readonly nodeAddress: pulumi.Output<string>;
  private readonly args: HostArgs;
  /** Of the stack's own; undefined where every service is on the host's. */
  private readonly network: docker.Network | undefined;

  constructor(name: string, args: HostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:index:DockerHost", name, {}, opts);
    this.args = args;
    const { plan } = args;
    this.nodeAddress = pulumi.output(plan.nodeAddress);
    const needsNetwork = plan.services.some((it) => it.network === "stack");
    this.network = needsNetwork
      ? new docker.Network(
          `${name}-network`,
          { name: `turnkey-${plan.stack}`, labels: dockerLabels(plan) },
          { parent: this },
        )
      : undefined;
    for (const service of plan.services) this.run(`${name}-${service.name}`, service);
    this.registerOutputs({ nodeAddress: this.nodeAddress });
  }

  private run(name: string, service: Service): void {
    const { plan } = this.args;
    const { limits } = service;
    const image = new docker.RemoteImage(
      `${name}-image`,
      { name: service.image, keepLocally: true },
      { parent: this },
    );
    const folders = service.folders.map((folder) => {
      const role = folder.live ? "live" : "files";
      const args = {
        ...this.args,
        service,
        folder,
        volumeName: folder.live ? `${service.containerName}-live` : service.containerName,
        imageId: image.imageId,
      };
      return { ...folder, files: new DockerFiles(`${name}-${role}`, args, { parent: this }) };
    });
    const fixed = folders.filter((it) => !it.live).map((it) => it.files.version);
    new docker.Container(
      name,
      {
        name: service.containerName,
        image: image.imageId,
        entrypoints: [...service.entrypoint],
        command: [...service.command],
        envs: Object.entries(service.environment).map(([key, value]) => `${key}=${value}`),
        user: service.user,
        ...this.networking(service),
        volumes: folders.map(({ path, files }) => ({
          volumeName: files.volumeName,
          containerPath: path,
          readOnly: true,
        })),
        readOnly: true,
        ...(service.scratch.length > 0 ? { tmpfs: scratch(service) } : {}),
        capabilities: { drops: ["ALL"], adds: [...service.capabilities] },
        securityOpts: ["no-new-privileges:true"],
        // Without memorySwap every update finds a difference.
        memory: limits.memoryMib,
        memorySwap: limits.memoryMib,
        // As the engine reads it back, else every update finds a difference.
        cpus: limits.cpus.toFixed(1),
        restart: "unless-stopped",
        stopSignal: service.stopSignal,
        stopTimeout: limits.stopSeconds,
        destroyGraceSeconds: limits.stopSeconds,
        logDriver: "json-file",
        logOpts: { "max-size": `${plan.logs.maxMib}m`, "max-file": `${plan.logs.files}` },
        labels: [
          ...dockerLabels(plan, service),
          // Other files make another container.
          ...fixed.map((value) => ({ label: "dev.turnkey.files", value })),
        ],
        healthcheck: healthcheck(service.healthCheck),
        wait: true,
        waitTimeout: 60,
        mustRun: true,
      },
      {
        parent: this,
        dependsOn: folders.map((it) => it.files),
        deleteBeforeReplace: true,
        // The provider reports these as updated and leaves the container as it was.
        replaceOnChanges: ["healthcheck", "destroyGraceSeconds", "tmpfs"],
      },
    );
  }

  private networking(service: Service): Partial<docker.ContainerArgs> {
    if (service.network === "host" || !this.network) return { networkMode: "host" };
    const { plan } = this.args;
    return {
      networksAdvanced: [{ name: this.network.name, aliases: [service.name] }],
      ports: service.ports.flatMap((name) => published(plan, name)),
    };
  }
}

/** A row as the container's ports, one entry per port; a row inside another is published with it. */
function published(plan: Plan, name: Service["ports"][number]) {
  const it = row(plan.ports, name);
  if (it.within !== undefined) return [];
  return Array.from({ length: it.to - it.from + 1 }, (_, index) => ({
    internal: it.from + index,
    external: it.from + index,
    ip: listenAddress(it, plan.bindAddress),
    protocol: it.protocol,
  }));
}

const scratch = ({ scratch: paths }: Service) =>
  Object.fromEntries(paths.map((path) => [path, "mode=0700"]));

const healthcheck = (check: HealthCheck): docker.types.input.ContainerHealthcheck => ({
  tests: ["CMD", ...check.command],
  interval: `${check.intervalSeconds}s`,
  timeout: `${check.timeoutSeconds}s`,
  retries: check.retries,
  startPeriod: `${check.startSeconds}s`,
});
