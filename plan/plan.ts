/** The plan: plain data that decides everything that can be decided without a cloud. */
import type { AcmeOrder } from "./acmeOrder.ts";
import type { StackOutputs } from "../turn/outputs.ts";
import type { RowName, PortRow } from "../turn/ports.ts";
import type { NetworkMode } from "./machine.ts";

/**
 * Contents of a file that are known only while deploying: generated secrets, and the certificate.
 * The components fill them in.
 */
export type LateName =
  | "livekitKeys"
  | "certificate"
  | "certificateKey"
  /** Certificate and key in one, as HAProxy reads them. */
  | "certificateAndKey"
  /** Of the local CA, which is no secret. */
  | "caCertificate"
  | "roomKey"
  | "turnKey"
  /** Who signs the API's users in, JSON of `SignInSettings`. */
  | "signIn"
  /** Where ICE servers come from, JSON of `IceSources`. */
  | "iceSources"
  /** Signs the tokens of verify. */
  | "verifierKey"
  | "userIdKey";

/** A file in a container, owned by root. It holds text of the plan, a late value, or a bundle. */
export type ServiceFile = {
  /** Absolute path in the container, below the folder it belongs to. */
  readonly path: string;
  /** Octal, such as `0440`. */
  readonly mode: string;
} & ({ readonly text: string } | { readonly late: LateName } | { readonly bundle: BundleName });

/** What the program bundles: the API server, and its pages. */
export type BundleName = "api" | "demoPage" | "diagnosticsPage";

/** A mounted folder that holds files; it and the rest of the container's file system are read-only. */
export interface Folder {
  readonly path: string;
  readonly files: readonly ServiceFile[];
  /** Whether the service notices by itself that files changed; else it is started anew with them. */
  readonly live: boolean;
}

/** A command that exits with 0 when the service is healthy, and how often it is asked. */
export interface HealthCheck {
  readonly command: readonly string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** Failures in a row until the service counts as unhealthy. */
  readonly retries: number;
  /** Failures in this time after the start do not count. */
  readonly startSeconds: number;
}

export const serviceNames = ["livekit", "api", "edge"] as const;
export type ServiceName = (typeof serviceNames)[number];

/** What a container may use. */
export interface Limits {
  readonly memoryMib: number;
  readonly cpus: number;
  /** Time from the signal to stop to SIGKILL; of LiveKit on a node of a cloud, time that calls get before that (node/drain.py). */
  readonly stopSeconds: number;
}

/** One container of the stack. */
export interface Service {
  readonly name: ServiceName;
  readonly containerName: string;
  readonly image: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** Nothing secret: every user of the Docker Engine can read a container's environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly folders: readonly Folder[];
  /** Absolute paths of empty folders in memory, for root alone: everything else is read-only. */
  readonly scratch: readonly string[];
  /** `uid:gid` of the process. */
  readonly user: string;
  /** What tells the process to stop. */
  readonly stopSignal: "SIGTERM" | "SIGUSR1";
  /** Linux capabilities kept; all others are dropped. */
  readonly capabilities: readonly string[];
  /** `host` shares the node's network; `stack` is a network of the stack's own with `ports` published. */
  readonly network: "host" | "stack";
  readonly ports: readonly RowName[];
  readonly healthCheck: HealthCheck;
  readonly limits: Limits;
}

/** How the engine keeps a container's log. */
export interface LogPolicy {
  readonly maxMib: number;
  readonly files: number;
}

export interface Plan {
  readonly stack: string;
  readonly nodeAddress: string;
  /** The address that public ports are opened on. */
  readonly bindAddress: string;
  readonly network: NetworkMode;
  /** The name in TURN URLs and in the certificate. */
  readonly turnDomain: string;
  readonly livekitVersion: string;
  /** Of the keys that are valid, the current one first: 1 before any rotation. */
  readonly keyGenerations: readonly [number, ...number[]];
  readonly credentialTtlSeconds: number;
  /** Who signs the API's users in; no secret. */
  readonly signIn: StackOutputs["signIn"];
  /** Relay allocations one user may hold; undefined where LiveKit knows no such limit. */
  readonly allocationsPerUser: number | undefined;
  readonly ports: readonly PortRow[];
  readonly services: readonly Service[];
  readonly logs: LogPolicy;
  /** Names and addresses that the certificate must cover; a given one is for the TURN domain alone. */
  readonly certificateNames: { readonly dns: readonly string[]; readonly ip: readonly string[] };
  /** The certificate that the node orders for itself; undefined where it is given one. */
  readonly acme: AcmeOrder | undefined;
  readonly iceUrls: readonly string[];
  /** The sources that the API's ICE servers come from, in order; no secret. */
  readonly iceSources: StackOutputs["iceSources"];
  /** Where clients reach the API. */
  readonly apiUrl: string;
  /** Where clients reach LiveKit's signalling. */
  readonly livekitUrl: string;
  /** Origin of the edge, such as `https://192.168.1.5`; undefined without an edge. */
  readonly edgeUrl: string | undefined;
  /** The demo page; undefined where there is none. */
  readonly demoUrl: string | undefined;
  /** The diagnostics page; undefined where there is none. */
  readonly diagnosticsUrl: string | undefined;
}
