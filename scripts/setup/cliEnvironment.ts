/** What the Pulumi CLI needs in its environment beyond what is there. */
import { delimiter } from "node:path";
import type { DockerEndpoint } from "../../machine/dockerHost.ts";
import type { Source } from "./source.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Additions to `env`: the CLI's folder first on PATH, as language hosts are looked for there, and the
 * engine's address where a docker context names it, as plugins know no contexts.
 */
export function cliEnvironment(
  env: Environment,
  cliBin: string,
  source: Source["source"],
  engine?: DockerEndpoint,
): Record<string, string> {
  // Windows spells it Path.
  const key = Object.keys(env).find((it) => it.toUpperCase() === "PATH") ?? "PATH";
  return {
    [key]: [cliBin, env[key]].filter(Boolean).join(delimiter),
    // The version is pinned: news of another one is of no use.
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // What has no stand-in is said at once instead of after five attempts to download it.
    ...(source === "registry-only" ? { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" } : {}),
    ...(engine?.source.startsWith("docker context") ? { DOCKER_HOST: engine.url } : {}),
  };
}
