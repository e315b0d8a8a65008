/** What a deployed stack says of itself: written by index.ts, read by verify, the scripts and tests. */
import * as z from "zod";
import { sharedSecretAlgorithms } from "./apiToken.ts";
import { PortRow } from "./ports.ts";

/** Who signs users in; of a shared secret also how the tokens look that it signs. */
const SignIn = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("jwt"),
    algorithm: z.enum(sharedSecretAlgorithms),
    issuer: z.string(),
    audience: z.string(),
    userClaim: z.string(),
  }),
  z.object({ kind: z.enum(["jwks", "cookie", "forward"]) }),
]);

/** A LiveKit API key. `secret` opens everything LiveKit offers, whatever the key is called. */
export const ApiKeyPair = z.strictObject({ key: z.string().min(1), secret: z.string().min(32) });
export type ApiKeyPair = z.infer<typeof ApiKeyPair>;

/** What a stack's node is known by in a cloud. */
export const CloudOutputs = z.object({
  region: z.string().min(1),
  /** The EC2 instance. */
  instanceId: z.string().min(1),
  /** CloudWatch log group that the node writes to. */
  logGroup: z.string().min(1),
  /** SNS topic that alarms go to. */
  alarmTopicArn: z.string().min(1),
  /** Bucket with the node document. */
  bucket: z.string().min(1),
  /** Version of the node document in it; one that was deployed by an older version does not say. */
  documentVersion: z.string().min(1).optional(),
  /** The A records that must lead to the node: none where clients come by its bare address. */
  names: z.array(z.string()),
});
export type CloudOutputs = z.infer<typeof CloudOutputs>;

/**
 * The outputs of a stack. `apiJwtSecret`, `verifierKey`, `roomKey` and `turnKey` are secret outputs: read them with
 * `pulumi stack output --show-secrets`.
 */
export const StackOutputs = z.object({
  /** Where the stack runs; one that was deployed by an older version ran in Docker. */
  target: z.enum(["docker", "aws"]).default("docker"),
  /** The node in the cloud; a stack on this machine has none. */
  cloud: CloudOutputs.optional(),
  /** Base URL of the API server: `http://127.0.0.1:7890`, or the edge's where clients are not on the node. */
  apiUrl: z.url(),
  /** URL a LiveKit client connects to: `ws://127.0.0.1:7880`, or the edge's `wss://`. */
  livekitUrl: z.url(),
  /** Origin of the edge, such as `https://127.0.0.1`; a stack without an edge has none. */
  edgeUrl: z.url().optional(),
  /** The demo page; a stack that serves none has none. */
  demoUrl: z.url().optional(),
  /** The diagnostics page; a stack that serves none has none. */
  diagnosticsUrl: z.url().optional(),
  /** The address LiveKit announces for media and relays (its node IP). */
  nodeAddress: z.string(),
  /** `host` when LiveKit shares the node's network, `bridge` when its ports are published. */
  network: z.enum(["host", "bridge"]),
  /** ICE URLs of this stack in the order the API hands them out. */
  iceUrls: z.array(z.string()),
  /** The sources that the API's ICE servers come from, in order; `livekit` has the URLs above. */
  iceSources: z.array(z.object({ kind: z.string(), fallback: z.boolean() })),
  ports: z.array(PortRow),
  /** The name or address in TURN URLs. */
  turnDomain: z.string().min(1),
  /** PEM of the CA that the certificate of TURN/TLS and HTTPS leads to: the local one, or a given certificate's; a public CA needs none. */
  caCertificate: z.string().optional(),
  livekitVersion: z.string(),
  /** Relay allocations one user may hold; a LiveKit older than 1.13.6 has no such limit. */
  allocationsPerUser: z.int().optional(),
  /** Container name of each service, for `npm run logs`. */
  containers: z.record(z.string(), z.string()),
  /** Life of a TURN credential from the API. */
  credentialTtlSeconds: z.int().positive(),
  /** Of the current keys, 1 before any rotation. */
  keyGeneration: z.int().positive(),
  signIn: SignIn,
  /** Secret that signs users' API tokens; a stack whose users are signed in otherwise has none. */
  apiJwtSecret: z.string().min(32).optional(),
  /** HS256 secret that signs the tokens of verify, whoever signs users in. */
  verifierKey: z.string().min(32),
  roomKey: ApiKeyPair,
  turnKey: ApiKeyPair,
});
export type StackOutputs = z.infer<typeof StackOutputs>;
