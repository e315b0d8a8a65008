import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Deployment } from "../../verify/target.ts";
import { UserError } from "../userError.ts";

/** The options of `npm run verify` that name a deployment other than a stack. */
export interface DeploymentOptions {
  readonly url?: string;
  /** `-` is standard input. */
  readonly token?: string;
  /** A file with PEM certificates. */
  readonly ca?: string;
  readonly livekitVersion?: string;
}

/** Where a token comes from that is no argument: those are in every list of processes. */
export interface TokenSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readStdin: () => Promise<string>;
}

const VARIABLE = "TURNKEY_TOKEN";

/** The deployment that the options name; undefined when they name none. Throws a UserError. */
export async function deploymentOf(
  { url, token, ca, livekitVersion }: DeploymentOptions,
  sources: TokenSources,
): Promise<Deployment | undefined> {
  if (livekitVersion !== undefined && !/^\d+\.\d+\.\d+$/.test(livekitVersion))
    throw new UserError(
      `--livekit-version is ${livekitVersion}; wanted is a version such as 1.13.11`,
    );
  if (url === undefined) {
    if (token === undefined && ca === undefined) return undefined;
    throw new UserError(
      `--${ca === undefined ? "token" : "ca"} is for a deployment, but --url is missing`,
      ["npm run verify -- --url https://host --token -"],
    );
  }
  return {
    url: originOf(url),
    token: await tokenOf(token, sources),
    caCertificate: ca === undefined ? undefined : readCa(ca),
    livekitVersion,
  };
}

function originOf(url: string): string {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ""))
    throw new UserError(`--url is ${url}; wanted is the API's base URL`, [
      "npm run verify -- --url https://host --token -",
    ]);
  return url;
}

async function tokenOf(token: string | undefined, { env, readStdin }: TokenSources) {
  const given = (token === "-" ? await readStdin() : (token ?? env[VARIABLE] ?? "")).trim();
  if (given) return given;
  throw new UserError("there is no token of a signed-in user for the API", [
    `set ${VARIABLE}, or pipe it in: ... | npm run verify -- --url https://host --token -`,
  ]);
}

function readCa(file: string): string {
  try {
    const pem = readFileSync(file, "utf8");
    new X509Certificate(pem); // throws on what is none
    return pem;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `--ca ${file} holds no certificate: ${problem}`,
      ["wanted is a file with PEM certificates"],
      { cause: error },
    );
  }
}
