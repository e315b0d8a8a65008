/** The targets that can be deployed to: one line each. */
import type { Settings } from "../config.ts";
import { DockerHost } from "./dockerHost.ts";
import { SettingsError } from "../settingsError.ts";
import type { HostConstructor } from "./host.ts";

const hosts: Partial<Record<Settings["target"], HostConstructor>> = { docker: DockerHost };

/** The host of a target. Throws a SettingsError for a target whose settings are known but which no host serves yet. */
export function hostOf(target: Settings["target"]): HostConstructor {
  const host = hosts[target];
  if (host) return host;
  throw new SettingsError(
    `target: given "${target}", wanted ${Object.keys(hosts).join(" or ")}; this version deploys to no other target - pulumi config set turnkey:target docker`,
  );
}
