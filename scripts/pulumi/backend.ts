/** Where the state of a stack lives: with the backend the user is logged in to, otherwise in a folder of ours. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";
import * as z from "zod";
import { dataFolder, pulumiHome } from "../../machine/folders.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The file backend that Turnkey keeps for users without a login. */
export interface OwnBackend {
  readonly owner: "turnkey";
  readonly folder: string;
  /** What `PULUMI_BACKEND_URL` must say. */
  readonly url: string;
}
/** A backend that the user chose; `chosenBy` names where. Nothing of it is ours to change. */
export interface UserBackend {
  readonly owner: "user";
  readonly chosenBy: string;
}
export type Backend = OwnBackend | UserBackend;

/** Everything that decides the backend. The two files are given as text, undefined when absent. */
export interface BackendSources {
  readonly env: Environment;
  readonly credentials: string | undefined;
  readonly project: string | undefined;
}

const Credentials = z.object({
  current: z.string().optional(),
  $pulumiSecureStore: z.unknown().optional(),
});
const Project = z.object({ backend: z.object({ url: z.string().optional() }).optional() });

/** An encrypted or unreadable file counts as a login: Pulumi itself then says what is wrong with it. */
function namesBackend(credentials: string): boolean {
  if (credentials.trim() === "") return false;
  try {
    const { current, $pulumiSecureStore } = Credentials.parse(JSON.parse(credentials));
    return Boolean(current) || $pulumiSecureStore !== undefined;
  } catch {
    return true;
  }
}

/**
 * The order is that of Pulumi's `GetCurrentCloudURLWithSource` (pkg/workspace/creds.go). An access
 * token alone counts too: Pulumi logs in to its cloud with it.
 */
export function chooseBackend({ env, credentials, project }: BackendSources): Backend {
  const folder = join(dataFolder(env), "backend");
  const own: OwnBackend = { owner: "turnkey", folder, url: pathToFileURL(folder).href };
  const { PULUMI_BACKEND_URL: url, PULUMI_ACCESS_TOKEN: token } = env;
  if (url) return url === own.url ? own : { owner: "user", chosenBy: "PULUMI_BACKEND_URL" };
  if (project !== undefined && Project.parse(parse(project)).backend?.url)
    return { owner: "user", chosenBy: "backend in Pulumi.yaml" };
  if (credentials !== undefined && namesBackend(credentials))
    return { owner: "user", chosenBy: "pulumi login" };
  if (token) return { owner: "user", chosenBy: "PULUMI_ACCESS_TOKEN" };
  return own;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** The backend for a project folder on this machine. */
export const readBackend = (project: string, env: Environment = process.env): Backend =>
  chooseBackend({
    env,
    credentials: textOf(
      join(env["PULUMI_CREDENTIALS_PATH"] || pulumiHome(env), "credentials.json"),
    ),
    project: textOf(join(project, "Pulumi.yaml")),
  });
