import type { ProviderSpec } from "../provider/service.ts";
import { awsFunctions } from "./awsFunctions.ts";
import { awsKinds } from "./awsKinds.ts";
import { openCloud } from "./cloud.ts";
import { recordedKind } from "./recordedKind.ts";
import type { World } from "./recordedKind.ts";
import { awsSettings } from "./settings.ts";

/** The folder of the recorded cloud; without it, there are only previews. */
export const recordedAws = "TURNKEY_RECORDED_AWS";

/** The `aws` provider of registry-only machines. */
export function awsProvider(version: string, environment: NodeJS.ProcessEnv): ProviderSpec {
  const folder = environment[recordedAws];
  const recorded = folder ? openCloud(folder) : undefined;
  const settings = awsSettings(environment);
  let last: Promise<unknown> = Promise.resolve();
  const world: World = {
    cloud: () => {
      if (recorded !== undefined) return recorded;
      throw new Error(
        "the registry-only stand-in for aws records deployments for tests only; deploy from a " +
          "machine that can download the official plugin",
      );
    },
    place: () => settings.place(),
    now: () => new Date(),
    alone: (work) => {
      const next = last.then(work);
      last = next.catch(() => undefined);
      return next;
    },
  };
  return {
    name: "aws",
    version,
    bridge: "sdk2",
    kinds: Object.fromEntries(
      Object.entries(awsKinds).map(([token, kind]) => [token, recordedKind(kind, world)]),
    ),
    functions: awsFunctions({ place: () => settings.place(), recorded: () => recorded }),
    settings,
  };
}
