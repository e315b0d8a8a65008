/** The outputs as an application's server wants them: lines of a .env file. */
import { localCaCertificateFile } from "../../machine/localCa.ts";
import { readIfThere } from "../../machine/readIfThere.ts";
import { isWellKnown } from "../../machine/rootOf.ts";
import { livekit } from "../../turn/livekit.ts";
import type { StackOutputs } from "../../turn/outputs.ts";
import { UserError } from "../userError.ts";

/**
 * Whom the TURN credential is for: whoever uses it counts as this one user, whose relays are limited.
 * No user of the API has this name, as theirs are digests.
 */
export const ENV_PARTICIPANT = "outputs-env";

/**
 * Lines that `dotenv`, Node (`--env-file`), Docker (`--env-file`) and a shell read alike, and a comment
 * where one must know more. `ca` says how a client comes to trust the certificate of `wss://`, undefined
 * when it does anyway. `now` is when the credential begins.
 */
export function outputsEnv(outputs: StackOutputs, { ca, now }: { ca?: string; now: Date }): string {
  const expiry = Math.floor(now.getTime() / 1000) + outputs.credentialTtlSeconds;
  const { username, credential } = livekit.mint(outputs.turnKey, ENV_PARTICIPANT, expiry);
  const [relay, ...others] = outputs.iceUrls.filter((it) => /^turns?:/.test(it));
  if (relay === undefined)
    throw new UserError("the stack advertises no TURN URL", ["see its ICE URLs: npm run outputs"]);
  const limit =
    outputs.allocationsPerUser === undefined
      ? ""
      : `, with ${outputs.allocationsPerUser} relays at a time`;
  return [
    ...(ca === undefined
      ? []
      : [`# Node trusts the certificate when it is started with NODE_EXTRA_CA_CERTS=${ca}`]),
    line("LIVEKIT_URL", outputs.livekitUrl),
    line("LIVEKIT_API_KEY", outputs.roomKey.key),
    line("LIVEKIT_API_SECRET", outputs.roomKey.secret),
    line("LIVEKIT_TURN_DOMAIN", outputs.turnDomain),
    ...others.map((it) => `# also: ${it}`),
    line("TURN_SERVER_URL", relay),
    `# The credential ends at ${new Date(expiry * 1000).toISOString()}.`,
    `# All who use it are one user, "${ENV_PARTICIPANT}"${limit}: users get their own from ${outputs.apiUrl}/api/livekit/ice-config`,
    line("TURN_USERNAME", username),
    line("TURN_CREDENTIAL", credential),
  ].join("\n");
}

/** Bare where every reader takes it as it is; Docker keeps quotes as part of the value. */
function line(name: string, value: string): string {
  if (/^[\w./:@%+,?=-]+$/.test(value)) return `${name}=${value}`;
  if (!/['\n\r]/.test(value)) return `${name}='${value}'`;
  throw new Error(`${name} holds a quote or a line break`);
}

/** The file that `NODE_EXTRA_CA_CERTS` shall name, undefined when Node needs none for the stack. */
export function extraCa({ livekitUrl, caCertificate }: StackOutputs): string | undefined {
  if (!livekitUrl.startsWith("wss:") || caCertificate === undefined || isWellKnown(caCertificate))
    return undefined;
  const file = localCaCertificateFile();
  return readIfThere(file)?.trim() === caCertificate.trim()
    ? file
    : "FILE, which holds the output caCertificate";
}
