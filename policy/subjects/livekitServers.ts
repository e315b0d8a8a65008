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
  const body = argument(container, "config-body") ?? environment["LIVEKIT_CONFIG"];
  const named = argument(container, "config");
  // What the command line names is read, whatever else lies there.
  const file =
    (isLivekit(container) ? files.find(({ path }) => path === named) : undefined) ??
    files.find(({ path }) => /(?:^|\/)livekit[\w-]*\.ya?ml$/.test(path));
  const withoutAny = isLivekit(container) && container.runs && named === undefined;
  const text = body ?? file?.text ?? (withoutAny ? "{}" : undefined);
  if (text === undefined) return [];
  const config = readConfig(text);
  const setting: LivekitServer["setting"] = (section, key) =>
    argument(container, `${section}.${key}`) ??
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
        ...keyPairs(readYaml(argument(container, "keys") ?? ""), "--keys", true),
        ...keyPairs(readYaml(environment["LIVEKIT_KEYS"] ?? ""), "LIVEKIT_KEYS", true),
        ...files
          .filter(
            ({ path }) =>
              path === (argument(container, "key-file") ?? known(textAt(config, "key_file"))),
          )
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
export const hasTurn = (server: LivekitServer): boolean => isOn(server.setting("turn", "enabled"));

/** A flag as Go reads it: in YAML also `yes` and `on` (yaml.v3), in variables and arguments `1` and `t` (ParseBool). */
export const isOn = (text: string | undefined): boolean =>
  /^(?:1|t|true|y|yes|on)$/i.test(text ?? "");

/** An option's value on LiveKit's command line, with one dash or two; a flag without one is `true`. */
function argument(container: Container, name: string): string | undefined {
  if (!isLivekit(container)) return undefined;
  const { command } = container;
  const index = command.findIndex((it) => [name, `-${name}`].includes(nameOf(it)));
  const given = command[index];
  if (given === undefined) return undefined;
  if (given.includes("=")) return given.slice(given.indexOf("=") + 1);
  const next = command[index + 1];
  return next === undefined || next.startsWith("-") ? "true" : next;
}

const nameOf = (word: string) => /^-([^=]+)/.exec(word)?.[1] ?? "";

/** What a text is as YAML, `<<` included, as Go reads it; undefined where it is none, which stops the server. */
function readYaml(text: string): unknown {
  try {
    const value: unknown = parse(text, { merge: true });
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
