import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { HealthCheck, Plan, Service } from "../plan/plan.ts";
import { row } from "../turn/ports.ts";
import { DockerFiles } from "./dockerFiles.ts";
import { dockerLabels } from "./dockerLabels.ts";
import type { HostArgs } from "./host.ts";

/** Runs the services of a plan as containers of the Docker Engine on this machine. */
export class DockerHost extends pulumi.ComponentResource {
  private readonly args: HostArgs;
  private readonly network: docker.Network;

  constructor(name: string, args: HostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:index:DockerHost", name, {}, opts);
    this.args = args;
    const { plan } = args;
    this.network = new docker.Network(
      `${name}-network`,
      { name: `turnkey-${plan.stack}`, labels: dockerLabels(plan) },
      { parent: this },
    );
    for (const service of plan.services) this.run(`${name}-${service.name}`, service);
    this.registerOutputs({});
  }

  private run(name: string, service: Service): void {
    const { plan } = this.args;
    const image = new docker.RemoteImage(
      `${name}-image`,
      { name: service.image, keepLocally: true },
      { parent: this },
    );
    const files = new DockerFiles(
      `${name}-files`,
      { ...this.args, service, imageId: image.imageId },
      { parent: this },
    );
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
        volumes: [{ volumeName: files.volumeName, containerPath: service.folder, readOnly: true }],
        readOnly: true,
        capabilities: { drops: ["ALL"], adds: [...service.capabilities] },
        securityOpts: ["no-new-privileges:true"],
        // Without memorySwap every update finds a difference.
        memory: service.memoryMib,
        memorySwap: service.memoryMib,
        cpus: service.cpus,
        restart: "unless-stopped",
        stopTimeout: service.stopSeconds,
        destroyGraceSeconds: service.stopSeconds,
        logDriver: "json-file",
        logOpts: { "max-size": "10m", "max-file": "3" },
        labels: [
          ...dockerLabels(plan, service),
          // Other files make another container.
          { label: "dev.turnkey.files", value: files.version },
        ],
        healthcheck: healthcheck(service.healthCheck),
        wait: true,
        waitTimeout: 60,
        mustRun: true,
      },
      {
        parent: this,
        deleteBeforeReplace: true,
        // The provider reports these as updated and leaves the container as it was.
        replaceOnChanges: ["healthcheck", "destroyGraceSeconds"],
      },
    );
  }

  private networking(service: Service): Partial<docker.ContainerArgs> {
    if (service.network === "host") return { networkMode: "host" };
    const { plan } = this.args;
    return {
      networksAdvanced: [{ name: this.network.name, aliases: [service.name] }],
      ports: service.ports.flatMap((name) => published(plan, name)),
    };
  }
}

/** A row as the container's ports, one entry per port, published on the node address only. */
function published(plan: Plan, name: Service["ports"][number]) {
  const { protocol, from, to } = row(plan.ports, name);
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    internal: from + index,
    external: from + index,
    ip: plan.nodeAddress,
    protocol,
  }));
}

const healthcheck = (check: HealthCheck): docker.types.input.ContainerHealthcheck => ({
  tests: ["CMD", ...check.command],
  interval: `${check.intervalSeconds}s`,
  timeout: `${check.timeoutSeconds}s`,
  retries: check.retries,
  startPeriod: `${check.startSeconds}s`,
});
