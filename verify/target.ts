import { signVerifierToken } from "../turn/apiToken.ts";
import type { StackOutputs } from "../turn/outputs.ts";

/** A deployment that verify tries: a stack of its own with all its keys, or any that has an API. */
export interface Target {
  /** Base URL of the API. */
  readonly apiUrl: string;
  /** A signed-in user's API token at that moment. */
  readonly token: (now: Date) => Promise<string>;
  /** PEM of CAs trusted besides the system's. */
  readonly caCertificate?: string;
  /** Undefined where nobody says: then verify tells what it observes. */
  readonly livekitVersion?: string;
  /** Outputs with the keys; some legs are impossible without. */
  readonly stack?: StackOutputs;
}

const TOKEN_TTL_SECONDS = 300;

/** A deployed stack as a target. `livekitVersion` is what runs there, if it is not what the stack says. */
export const stackTarget = (
  stack: StackOutputs,
  { livekitVersion = stack.livekitVersion }: { livekitVersion?: string | undefined } = {},
): Target => ({
  apiUrl: stack.apiUrl,
  token: (now) => signVerifierToken(stack.verifierKey, { ttlSeconds: TOKEN_TTL_SECONDS, now }),
  ...(stack.caCertificate !== undefined && { caCertificate: stack.caCertificate }),
  livekitVersion,
  stack,
});

/** What is known of a deployment that is no stack of ours. */
export interface Deployment {
  readonly url: string;
  readonly token: string;
  readonly caCertificate?: string | undefined;
  readonly livekitVersion?: string | undefined;
}

/** Any deployment as a target: tried with what one of its users has. */
export const deploymentTarget = ({
  url,
  token,
  caCertificate,
  livekitVersion,
}: Deployment): Target => ({
  apiUrl: url,
  token: async () => token,
  ...(caCertificate !== undefined && { caCertificate }),
  ...(livekitVersion !== undefined && { livekitVersion }),
});
