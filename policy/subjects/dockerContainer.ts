/** Containers of Pulumi's Docker provider (`docker:index/container:Container`). */
import { itemsOf, peek, peekAt, textsOf, UNKNOWN } from "../known.ts";
import type { Resource } from "../rule.ts";
import {
  aspects,
  type Aspect,
  type Container,
  type PublishedPort,
  type Seen,
} from "./container.ts";
import { booleanAt, known, numberAt, textAt } from "./seen.ts";

export const DOCKER_CONTAINER = "docker:index/container:Container";

const inputs: Readonly<Record<Aspect, string>> = {
  image: "image",
  user: "user",
  capabilities: "capabilities",
  readOnly: "readOnly",
  noNewPrivileges: "securityOpts",
  memory: "memory",
  memorySwap: "memorySwap",
  cpus: "cpus",
  healthCheck: "healthcheck.tests",
  restart: "restart",
  privileged: "privileged",
  mounts: "volumes",
  network: "networkMode",
  ports: "ports",
  environment: "envs",
  logs: "logOpts",
};

const namespaces = ["pidMode", "ipcMode", "usernsMode", "cgroupnsMode"] as const;

/** The container that a resource is. */
export function dockerContainer(resource: Resource): Container {
  const { props } = resource;
  const tests = textsOf(peek(props, "healthcheck"), "tests");
  const volumes = itemsOf(props, "volumes");
  const mounts = (type: "bind" | "volume") =>
    itemsOf(props, "mounts").filter((it) => textAt(it, "type") === type);
  return {
    resource,
    // Both are needed to leave it alone: `mustRun` is true unless it is set.
    runs: booleanAt(props, "start") !== false || booleanAt(props, "mustRun") !== false,
    inputs,
    unknown: aspects.filter((it) => peek(props, inputs[it].replace(/\..*/, "")) === UNKNOWN),
    image: textAt(props, "image"),
    user: textAt(props, "user"),
    capabilities: {
      drops: textsOf(peek(props, "capabilities"), "drops"),
      adds: textsOf(peek(props, "capabilities"), "adds"),
    },
    readOnly: booleanAt(props, "readOnly"),
    noNewPrivileges: textsOf(props, "securityOpts").some((it) =>
      /^no-new-privileges(?:[:=]true)?$/.test(it),
    ),
    memoryMib: numberAt(props, "memory"),
    memorySwapMib: numberAt(props, "memorySwap"),
    cpus: cpus(props),
    healthCheck: tests.length > 0 ? tests : undefined,
    restart: { policy: textAt(props, "restart"), retries: numberAt(props, "maxRetryCount") },
    privileged: booleanAt(props, "privileged"),
    unconfined: textsOf(props, "securityOpts").filter((it) =>
      /^(?:seccomp|apparmor|systempaths)[:=]unconfined$|^label[:=]disable$/.test(it),
    ),
    hostNamespaces: namespaces.filter((it) => textAt(props, it) === "host"),
    hostPaths: [...texts(volumes, "hostPath"), ...texts(mounts("bind"), "source")],
    volumes: [...texts(volumes, "volumeName"), ...texts(mounts("volume"), "source")],
    network: textAt(props, "networkMode"),
    ports: itemsOf(props, "ports").map(publishedPort),
    publishesAll: booleanAt(props, "publishAllPorts"),
    environment: Object.fromEntries(textsOf(props, "envs").map(variable)),
    command: [...textsOf(props, "entrypoints"), ...textsOf(props, "command")],
    logs: {
      driver: textAt(props, "logDriver"),
      maxSize: textAt(peekAt(props, "logOpts"), "max-size"),
      maxFiles: textAt(peekAt(props, "logOpts"), "max-file"),
    },
  };
}

const texts = (holders: readonly unknown[], key: string): string[] =>
  holders.flatMap((it) => known(textAt(it, key)) ?? []);

/** A share of processors is given directly, or as time in each period (100 ms unless set). */
function cpus(props: Resource["props"]): Seen<number> {
  const given = numberAt(props, "cpus");
  if (given !== undefined) return given;
  const quota = numberAt(props, "cpuQuota");
  if (quota === undefined || quota === UNKNOWN) return quota;
  return quota / (known(numberAt(props, "cpuPeriod")) ?? 100_000);
}

const publishedPort = (port: unknown): PublishedPort => ({
  external: numberAt(port, "external"),
  internal: numberAt(port, "internal"),
  protocol: textAt(port, "protocol") === "udp" ? "udp" : "tcp",
  ip: textAt(port, "ip"),
});

function variable(text: string): readonly [name: string, value: string] {
  const [name = "", ...value] = text.split("=");
  return [name, value.join("=")];
}
