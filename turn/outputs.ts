/** What a deployed stack says of itself: written by index.ts, read by verify, the scripts and tests. */
import * as z from "zod";
import { PortRow } from "./ports.ts";

/** A LiveKit API key. `secret` opens everything LiveKit offers, whatever the key is called. */
export const ApiKeyPair = z.strictObject({ key: z.string().min(1), secret: z.string().min(32) });
export type ApiKeyPair = z.infer<typeof ApiKeyPair>;

/**
 * The outputs of a stack. `apiJwtSecret`, `roomKey` and `turnKey` are secret outputs: read them with
 * `pulumi stack output --show-secrets`.
 */
export const StackOutputs = z.object({
  /** Base URL of the API server, such as `http://127.0.0.1:7890`. */
  apiUrl: z.url(),
  /** URL a LiveKit client connects to, such as `ws://127.0.0.1:7880`. */
  livekitUrl: z.url(),
  /** The address LiveKit announces for media and relays (its node IP). */
  nodeAddress: z.string(),
  /** ICE URLs in the order the API hands them out. */
  iceUrls: z.array(z.string()),
  ports: z.array(PortRow),
  /** PEM of the CA that signed the TURN/TLS certificate. */
  caCertificate: z.string(),
  livekitVersion: z.string(),
  /** Container name of each service, for `npm run logs`. */
  containers: z.record(z.string(), z.string()),
  /** HS256 secret that signs users' API tokens. */
  apiJwtSecret: z.string().min(32),
  roomKey: ApiKeyPair,
  turnKey: ApiKeyPair,
});
export type StackOutputs = z.infer<typeof StackOutputs>;
