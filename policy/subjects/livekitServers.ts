/** LiveKit servers that a resource configures. */
import { parse } from "yaml";
import { itemsOf, peek, peekAt } from "../known.ts";
import type { PortSpan } from "../ports.ts";
import type { ConfigFile } from "./configFiles.ts";
import type { Container } from "./container.ts";
import { imageReference } from "./imageReference.ts";
import { keepingLast } from "./keepingLast.ts";
import { cidrList } from "./peerLists.ts";
import { known, textAt } from "./seen.ts";
import type { LivekitServer, VisibleSecret } from "./turnServer.ts";

/** What LiveKit takes where its configuration names no ports (pkg/config/config.go). */
const DEFAULT_RELAY: PortSpan = { from: 30_000, to: 40_000 };
const DEFAULT_MEDIA: PortSpan = { from: 50_000, to: 60_000 };

/** Whether a container's image is LiveKit's server, or its command starts it. */
export const isLivekit = ({ image, command }: Container): boolean =>
  imageReference(known(image) ?? "").name === "livekit-server" ||
  command.some((it) => /(?:^|\/)livekit-server$/.test(it));

/** The server of a container: of LIVEKIT_CONFIG, which replaces a file, or of its livekit.yaml. */
export function livekitServers(
  container: Container,
  files: readonly ConfigFile[],
): readonly LivekitServer[] {
  const { environment } = container;
  const body = environment["LIVEKIT_CONFIG"] ?? argument(container, "config-body");
  const named = argument(container, "config");
  const file = files.find(
    ({ path }) =>
      (isLivekit(container) && path === named) || /(?:^|\/)livekit[\w-]*\.ya?ml$/.test(path),
  );
  const text = body ?? file?.text;
  if (text === undefined) return [];
  const config = readConfig(text);
  const setting: LivekitServer["setting"] = (section, key) =>
    environment[`LIVEKIT_${section}_${key}`.toUpperCase()] ??
    known(textAt(peekAt(config, section), key));
  const span = (section: string, start: string, end: string): PortSpan | undefined => {
    const [from, to] = [Number(setting(section, start) ?? 0), Number(setting(section, end) ?? 0)];
    return from === 0 && to === 0 ? undefined : { from, to };
  };
  const quota = setting("turn", "per_user_relay_allocation_limit");
  return [
    {
      engine: "livekit",
      resource: container.resource,
      ...(container.part === undefined ? {} : { part: container.part }),
      container,
      place: body === undefined ? (file?.path ?? "livekit.yaml") : "LIVEKIT_CONFIG",
      config,
      setting,
      denied: cidrList("turn.deny_peer_cidrs", entries(config, "deny_peer_cidrs")),
      allowed: cidrList(
        "turn.allow_restricted_peer_cidrs",
        entries(config, "allow_restricted_peer_cidrs"),
      ),
      relayPorts: span("turn", "relay_range_start", "relay_range_end") ?? DEFAULT_RELAY,
      relayInput: "turn.relay_range_start to turn.relay_range_end",
      mediaPorts:
        span("rtc", "port_range_start", "port_range_end") ??
        (setting("rtc", "udp_port") === undefined ? DEFAULT_MEDIA : undefined),
      allocationsPerUser: quota === undefined ? undefined : Number(quota),
      quotaInput: "turn.per_user_relay_allocation_limit",
      secrets: [
        ...keyPairs(peek(config, "keys"), "keys", true),
        ...keyPairs(readYaml(environment["LIVEKIT_KEYS"] ?? ""), "LIVEKIT_KEYS", true),
        ...files
          .filter(({ path }) => path === known(textAt(config, "key_file")))
          .flatMap(({ path, text: keys }) => keyPairs(readYaml(keys), path, false)),
      ],
    },
  ];
}

/** What is no text cannot be read either, and is to show. */
const entries = (config: unknown, key: string): string[] =>
  itemsOf(peek(config, "turn"), key).map((it) =>
    typeof it === "string" ? it : JSON.stringify(it),
  );

/** Whether the embedded TURN server is on. */
export const hasTurn = (server: LivekitServer): boolean =>
  server.setting("turn", "enabled") === "true";

function argument({ command }: Container, name: string): string | undefined {
  const index = command.findIndex((it) => it === `--${name}` || it.startsWith(`--${name}=`));
  return (
    command[index]?.split("=").slice(1).join("=") || (index < 0 ? undefined : command[index + 1])
  );
}

/** What a text is as YAML; undefined where it is none, which stops the server. */
function readYaml(text: string): unknown {
  try {
    const value: unknown = parse(text);
    return value;
  } catch {
    return undefined;
  }
}

const readConfig = keepingLast(readYaml);

const keyPairs = (keys: unknown, place: string, inline: boolean): VisibleSecret[] =>
  typeof keys === "object" && keys !== null
    ? Object.keys(keys).flatMap((key) => {
        const text = known(textAt(keys, key));
        return [{ input: `${place} ${key}`, key, text: text ?? "", inline }];
      })
    : [];
