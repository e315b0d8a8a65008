/** The plan: plain data that decides everything that can be decided without a cloud. */
import type { RowName, PortRow } from "../turn/ports.ts";

/**
 * Contents of a file that are known only while deploying: generated secrets, and the certificate.
 * The components fill them in.
 */
export type LateName =
  | "livekitKeys"
  | "turnCertificate"
  | "turnCertificateKey"
  | "roomKey"
  | "turnKey"
  | "apiJwtSecret"
  | "userIdKey";

/** A file in a container, owned by root. It holds text of the plan, a late value, or the API's bundle. */
export type ServiceFile = {
  /** Absolute path in the container, below the service's folder. */
  readonly path: string;
  /** Octal, such as `0440`. */
  readonly mode: string;
} & ({ readonly text: string } | { readonly late: LateName } | { readonly bundle: "api" });

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

/** One container of the stack. */
export interface Service {
  readonly name: "livekit" | "api";
  readonly containerName: string;
  readonly image: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** Nothing secret: every user of the Docker Engine can read a container's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** The mounted folder that holds `files`; it and the rest of the file system are read-only. */
  readonly folder: string;
  readonly files: readonly ServiceFile[];
  /** `uid:gid` of the process. */
  readonly user: string;
  /** Linux capabilities kept; all others are dropped. */
  readonly capabilities: readonly string[];
  /** `host` shares the node's network; `stack` is a network of the stack's own with `ports` published. */
  readonly network: "host" | "stack";
  readonly ports: readonly RowName[];
  readonly healthCheck: HealthCheck;
  readonly memoryMib: number;
  /** Processors, with a decimal as the engine reads it back: `1.0`. */
  readonly cpus: `${number}.${number}`;
  /** Time from SIGTERM to SIGKILL. */
  readonly stopSeconds: number;
}

export interface Plan {
  readonly stack: string;
  readonly nodeAddress: string;
  /** The name in TURN URLs and in the certificate. */
  readonly turnDomain: string;
  readonly livekitVersion: string;
  readonly ports: readonly PortRow[];
  readonly services: readonly Service[];
  /** Names and addresses that the certificate must cover. */
  readonly certificateNames: { readonly dns: readonly string[]; readonly ip: readonly string[] };
  readonly iceUrls: readonly string[];
  readonly apiUrl: string;
  readonly livekitUrl: string;
}
