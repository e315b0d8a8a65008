/**
 * The node document: what a node of a cloud runs, as one JSON object that an agent on the node fetches
 * and applies. Everything in it is known before anything is deployed, so that a policy can judge it; what
 * is known only while deploying rides beside it (`LateDocumentValues`).
 */
import type { AcmeOrder } from "./acmeOrder.ts";
import type { HealthCheck, LateName, Limits, LogPolicy, Plan, Service } from "./plan.ts";

/** Stands in texts of the document where the node's public address belongs (RFC 6761: no such host exists). */
export const PUBLIC_ADDRESS = "address.invalid";
/** The same for the node's own address in its network, which the agent finds out. */
export const PRIVATE_ADDRESS = "own-node.invalid";
/** Stands for the image of the API where it is built from this repository. */
export const BUILT_API_IMAGE = "built-with-the-stack";

/** A file of a service: its text, the name of the secret parameter that it holds, or a part of the certificate. It belongs to the service's user. */
export type DocumentFile = { readonly path: string; readonly mode: string } & (
  | { readonly text: string }
  | { readonly parameter: LateName }
  | { readonly certificate: CertificatePart }
);

/** What a file may hold of the certificate that the node has: the chain, or chain and key in one. */
export type CertificatePart = "chain" | "chainAndKey";

export interface DocumentService {
  readonly name: Service["name"];
  readonly image: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folders: readonly {
    readonly path: string;
    readonly live: boolean;
    readonly files: readonly DocumentFile[];
  }[];
  readonly scratch: readonly string[];
  /** `uid:gid`. */
  readonly user: string;
  readonly stopSignal: Service["stopSignal"];
  readonly capabilities: readonly string[];
  /** Always the node's own network: a published range of ports costs two processes a port. */
  readonly network: "host";
  readonly readOnly: true;
  readonly noNewPrivileges: true;
  readonly healthCheck: HealthCheck;
  readonly limits: Limits;
}

export interface NodeDocument {
  /** Of this form; an agent refuses one that it does not know. */
  readonly format: 1;
  readonly stack: string;
  readonly services: readonly DocumentService[];
  readonly logs: LogPolicy;
  /** Rows of the port table, for the node's firewall. */
  readonly ports: Plan["ports"];
  readonly sysctls: Readonly<Record<string, string>>;
  /** What the agent applies a document with, Python by file name: mended without another node. */
  readonly scripts: Readonly<Record<string, string>>;
  /** The certificate that the node orders; undefined where it is given one. */
  readonly acme?: AcmeOrder;
}

/** Rides as metadata of the object, each at most 2 KB together (S3's limit for user metadata). */
export interface LateDocumentValues {
  readonly "node-address": string;
  /** Reference with digest; absent where settings name an image. */
  readonly "api-image"?: string;
  /** `name=version` of every secret, separated by commas: a changed secret makes another version of the object. */
  readonly secrets: string;
}
