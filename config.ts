/** Everything a stack can say, checked in one place before any resource; the defaults live here and nowhere else. */
import * as z from "zod";
import { LIVEKIT_VERSION, OLDEST_LIVEKIT } from "./plan/images.ts";
import { portTable } from "./plan/portTable.ts";
import { isTurnDomain } from "./turn/domain.ts";
import { portProblems } from "./turn/ports.ts";
import { explainIssues, explainPorts, SettingsError } from "./settingsError.ts";

const Port = z.int("a whole number").min(1, "at least 1").max(65_535, "at most 65535");

/** What libwebrtc, and so every browser, takes for the port of a TURN server (p2p/base/turn_port.cc, AllowedTurnPort). */
const isTurnPort = (port: number) => [53, 80, 443].includes(port) || port >= 1024;

const TurnPort = Port.refine(isTurnPort, "53, 80, 443, or 1024 and above: browsers use no other");

const PortRange = z
  .strictObject({ from: Port, to: Port })
  .refine(({ from, to }) => from <= to, { error: "from at most to", path: ["to"] });

const Version = z
  .string()
  .regex(/^\d+\.\d+\.\d+$/, { error: "a version such as 1.13.11", abort: true })
  .refine((it) => it.localeCompare(OLDEST_LIVEKIT, "en", { numeric: true }) >= 0, {
    error: `${OLDEST_LIVEKIT} or newer`,
  });

const Image = z.string().regex(/^\S+$/, "an image reference without spaces");

const Livekit = z.strictObject({
  version: Version.optional().describe(
    `LiveKit's version, ${OLDEST_LIVEKIT} or newer; it names the published image. Default: ${LIVEKIT_VERSION}, or the one built on this machine`,
  ),
  image: Image.optional().describe(
    "Image to run instead of the published one; it holds that version. Default: the published image",
  ),
  port: Port.default(7880).describe("Signalling: HTTP and WebSocket, TCP"),
  metricsPort: Port.default(6789).describe("Prometheus metrics, TCP; never public"),
});

const Rtc = z.strictObject({
  tcpPort: Port.default(7881).describe("ICE over TCP, for clients whose UDP is blocked"),
  mediaPorts: PortRange.default({ from: 50_100, to: 50_200 }).describe(
    "Media, UDP; the relay range lies inside",
  ),
});

const Turn = z.strictObject({
  domain: z
    .string()
    .refine(isTurnDomain, "a name with a dot in it, or an IP address (LiveKit refuses others)")
    .optional()
    .describe("Name of the TURN server in certificates and ICE URLs. Default: the node's address"),
  udpPort: TurnPort.default(443).describe("TURN/UDP, and STUN: 53, 80, 443, or 1024 and above"),
  tlsPort: TurnPort.default(5349).describe("TURN/TLS, TCP: 53, 80, 443, or 1024 and above"),
  relayPorts: PortRange.default({ from: 50_100, to: 50_200 }).describe(
    "Relay addresses, UDP; inside rtc.mediaPorts, else packets between two relays of a node are dropped (LiveKit 1.13.10 and newer)",
  ),
  credentialTtlSeconds: z
    .int("a whole number of seconds")
    .min(60, "at least 60")
    .max(86_400, "at most 86400, LiveKit's cap of 24 hours")
    .default(86_400)
    .describe("Life of a TURN credential from the API"),
});

const JwtSecret = z
  .string("a secret of your own; a generated one is for target docker only")
  .min(32, "at least 32 characters");

const Api = z.strictObject({
  port: Port.default(7890).describe("The API server, TCP"),
  image: Image.optional().describe("Node image that runs the API. Default: a pinned Node 24"),
  roomTokenTtlSeconds: z
    .int("a whole number of seconds")
    .min(60, "at least 60")
    .max(86_400, "at most 86400")
    .default(3_600)
    .describe("How long a room token may be used to join"),
  jwtSecret: JwtSecret.optional().describe(
    "Secret that signs users' API tokens (HS256). Default: a generated one, for target docker only",
  ),
});

const shared = {
  livekit: Livekit.prefault({}),
  rtc: Rtc.prefault({}),
  turn: Turn.prefault({}),
};

/**
 * A generated secret signs tokens for whoever can read the stack's outputs: fine on a laptop, not
 * for the users of a deployment.
 */
const AwsApi = z.preprocess((it) => it ?? {}, Api.extend({ jwtSecret: JwtSecret }));

const targets = ["docker", "aws"] as const;

export const Settings = z.discriminatedUnion(
  "target",
  [
    z.strictObject({ target: z.literal(targets[0]), ...shared, api: Api.prefault({}) }),
    z.strictObject({ target: z.literal(targets[1]), ...shared, api: AwsApi }),
  ],
  { error: `one of ${targets.join(", ")}` },
);
export type Settings = z.infer<typeof Settings>;

/** Settings whose values never appear in a message. */
const SECRET_KEYS: ReadonlySet<string> = new Set(["api.jwtSecret"]);

/**
 * The settings in a stack's values, keys without `turnkey:`. Throws one `SettingsError` that lists
 * everything wrong: key, value given, value wanted, mend.
 */
export function parseSettings(values: Readonly<Record<string, unknown>>): Settings {
  const parsed = Settings.safeParse(values);
  if (!parsed.success)
    throw new SettingsError(explainIssues(parsed.error.issues, values, SECRET_KEYS));
  const problems = portProblems(portTable(parsed.data));
  if (problems.length > 0) throw new SettingsError(explainPorts(problems));
  return parsed.data;
}

const PREFIX = "turnkey:";

/** A stack's own values as Pulumi keeps them, strings that may hold JSON, as plain values by key. */
export function stackValues(config: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(PREFIX))
      .map(([key, text]) => [key.slice(PREFIX.length), parseValue(text)]),
  );
}

function parseValue(text: string): unknown {
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text; // a plain string that begins with a bracket: the schema says what it wants instead
  }
}
