/** Coturn servers that a resource configures. */
import { parseCidr } from "../cidr.ts";
import type { ConfigFile } from "./configFiles.ts";
import type { Container } from "./container.ts";
import {
  type CoturnOptions,
  coturnFlag,
  coturnValue,
  mergeCoturnOptions,
  readCoturnArguments,
  readCoturnFile,
} from "./coturnOptions.ts";
import { imageReference } from "./imageReference.ts";
import { dashList } from "./peerLists.ts";
import { known } from "./seen.ts";
import type { CoturnServer } from "./turnServer.ts";

/** Whether a container's image is coturn's, or its command starts it. */
export const isCoturn = ({ image, command }: Container): boolean =>
  imageReference(known(image) ?? "").name === "coturn" ||
  command.some((it) => /(?:^|\/)turnserver$/.test(it));

/**
 * The server of a container, from its files and its command line; none where its configuration lies
 * elsewhere, which the command line then names.
 */
export function coturnServers(
  container: Container,
  files: readonly ConfigFile[],
): readonly CoturnServer[] {
  const given = isCoturn(container) ? readCoturnArguments(container.command) : undefined;
  const named = given && coturnValue(given, "config");
  const file = files.find(({ path }) => path === named || /(?:^|\/)turnserver\.conf$/.test(path));
  if (file === undefined && (given === undefined || named !== undefined)) return [];
  const options = mergeCoturnOptions(
    file === undefined ? new Map() : readCoturnFile(file.text),
    given ?? new Map(),
  );
  const denied = dashList("denied-peer-ip", options.get("denied-peer-ip") ?? []);
  const allowed = dashList("allowed-peer-ip", options.get("allowed-peer-ip") ?? []);
  return [
    {
      engine: "coturn",
      resource: container.resource,
      ...(container.part === undefined ? {} : { part: container.part }),
      container,
      place: file?.path ?? "the command line",
      options,
      denied: {
        ...denied,
        ranges: [
          ...denied.ranges,
          ...(coturnFlag(options, "no-multicast-peers") ? blocks("224.0.0.0/3", "ff00::/8") : []),
        ],
      },
      allowed: {
        ...allowed,
        ranges: [
          ...allowed.ranges,
          ...(coturnFlag(options, "allow-loopback-peers") ? blocks("127.0.0.0/8") : []),
        ],
      },
      relayPorts: {
        from: Number(coturnValue(options, "min-port") ?? 49_152),
        to: Number(coturnValue(options, "max-port") ?? 65_535),
      },
      relayInput: "min-port to max-port",
      allocationsPerUser: Number(coturnValue(options, "user-quota") ?? 0),
      quotaInput: "user-quota",
      secrets: secrets(options, given),
    },
  ];
}

const blocks = (...cidrs: readonly string[]) => cidrs.flatMap((it) => parseCidr(it) ?? []);

/** Coturn reads its secret from its configuration file, which is a file of its own; a command line is not. */
const secrets = (options: CoturnOptions, given: CoturnOptions | undefined) =>
  (options.get("static-auth-secret") ?? []).map((text) => ({
    input: "static-auth-secret",
    key: "static-auth-secret",
    text,
    inline: given?.get("static-auth-secret")?.includes(text) ?? false,
  }));
