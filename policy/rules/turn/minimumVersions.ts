import * as z from "zod";
import type { Finding, StackRule } from "../../rule.ts";
import type { Container } from "../../subjects/container.ts";
import { containersOf } from "../../subjects/containers.ts";
import { isCoturn } from "../../subjects/coturnServers.ts";
import { isOlder } from "../../subjects/imageReference.ts";
import { imageName, programVersion } from "../../subjects/images.ts";
import { isLivekit } from "../../subjects/livekitServers.ts";
import { Development } from "./turnRule.ts";

const Version = z.string().regex(/^\d+\.\d+\.\d+$/, "must be a version such as 1.13.10");

const Config = z.strictObject({
  development: Development,
  /** The first that refuses TCP relays and keeps relays off the node's own ports. */
  livekit: Version.default("1.13.10"),
  /** The oldest that Turnkey supports: credentials expire (1.12.0), TCP relays ask for permission (1.13.0). */
  livekitInDevelopment: Version.default("1.13.5"),
  /** The first that reduces every way to write an IPv4 peer in IPv6. */
  coturn: Version.default("4.13.1"),
});

/** Also of a container that is never started: it has the image of the one whose files it carries. */
export const minimumVersions: StackRule<z.infer<typeof Config>> = {
  name: "turn-minimum-versions",
  description: "LiveKit and coturn are of versions without the known ways past their peer lists.",
  level: "mandatory",
  severity: "critical",
  mirrors: [],
  config: Config,
  checkStack(resources, config) {
    const livekit = config.development ? config.livekitInDevelopment : config.livekit;
    return resources.flatMap(containersOf).flatMap((container): Finding[] => {
      // Neither its own input nor an image resource tells it yet: it is judged while deploying.
      const image = imageName(container, resources);
      if (image === undefined) return [];
      const named = { ...container, image };
      const wanted = isLivekit(named) ? livekit : isCoturn(named) ? config.coturn : undefined;
      const version = programVersion(container, resources);
      if (wanted === undefined || (version !== undefined && !isOlder(version, wanted))) return [];
      return [finding(container, image, version, wanted)];
    });
  },
};

const finding = (
  { resource, part, inputs }: Container,
  image: string | undefined,
  version: string | undefined,
  wanted: string,
): Finding => ({
  what:
    version === undefined
      ? "is of a version that cannot be told"
      : "is of a version with known holes",
  seen: `${inputs.image} is ${JSON.stringify(image)}`,
  mend: `name an image whose tag is ${wanted} or newer`,
  resource,
  ...(part === undefined ? {} : { part }),
});
