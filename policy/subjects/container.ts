/** What container rules judge: one shape for a Docker container and for a service of a node document. */
import type { UNKNOWN } from "../known.ts";
import type { Resource } from "../rule.ts";

/** A value as read from a resource: undefined where it is not set, UNKNOWN where it is known only while deploying. */
export type Seen<T> = T | undefined | typeof UNKNOWN;

/** A port that the container engine opens on the machine for a container. */
export interface PublishedPort {
  readonly external: Seen<number>;
  /** The port in the container that it leads to. */
  readonly internal: Seen<number>;
  readonly protocol: "tcp" | "udp";
  /** Address of the machine; undefined is every address. */
  readonly ip: Seen<string>;
}

/** What keeps the engine from filling the disk with a container's log. */
export interface LogRotation {
  readonly driver: Seen<string>;
  readonly maxSize: Seen<string>;
  readonly maxFiles: Seen<string>;
}

/** What brings a container back after its process ended. */
export interface Restart {
  readonly policy: Seen<string>;
  readonly retries: Seen<number>;
}

/** The things that a container says of itself. */
export const aspects = [
  "image",
  "user",
  "capabilities",
  "readOnly",
  "noNewPrivileges",
  "memory",
  "memorySwap",
  "cpus",
  "healthCheck",
  "restart",
  "privileged",
  "mounts",
  "network",
  "ports",
  "environment",
  "logs",
] as const;
export type Aspect = (typeof aspects)[number];

export interface Container {
  readonly resource: Resource;
  /** Service of a node document; undefined where the resource is the container. */
  readonly part?: string;
  /** Whether a process of it ever runs; one that is made and never started only carries files. */
  readonly runs: boolean;
  /** Names of the inputs, for messages. */
  readonly inputs: Readonly<Record<Aspect, string>>;
  /** What is known only while deploying: it is judged then, before the container is made. */
  readonly unknown: readonly Aspect[];
  readonly image: Seen<string>;
  readonly user: Seen<string>;
  /** As given: with or without `CAP_`. */
  readonly capabilities: { readonly drops: readonly string[]; readonly adds: readonly string[] };
  readonly readOnly: Seen<boolean>;
  readonly noNewPrivileges: boolean;
  readonly memoryMib: Seen<number>;
  /** Memory and swap together; undefined where what runs the container decides it. */
  readonly memorySwapMib: Seen<number>;
  readonly cpus: Seen<number>;
  /** The command, and how Docker is to run it, such as `CMD`; `NONE` turns a check off. */
  readonly healthCheck: readonly string[] | undefined;
  /** `elsewhere`: what runs the container decides it. */
  readonly restart: Restart | "elsewhere";
  readonly privileged: Seen<boolean>;
  /** Options that take away what the engine confines every container by: `seccomp=unconfined`. */
  readonly unconfined: readonly string[];
  /** Of pid, ipc, uts and user namespaces: those that are the machine's. */
  readonly hostNamespaces: readonly string[];
  /** Paths of the machine that the container sees. */
  readonly hostPaths: readonly string[];
  /** Names of volumes that the container mounts. */
  readonly volumes: readonly string[];
  readonly network: Seen<string>;
  readonly ports: readonly PublishedPort[];
  readonly publishesAll: Seen<boolean>;
  /** Variables that are known; one whose value is not known is left out. */
  readonly environment: Readonly<Record<string, string>>;
  /** Entrypoint and command. */
  readonly command: readonly string[];
  readonly logs: LogRotation;
}
