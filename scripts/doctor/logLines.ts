/** Lines that the services print when something is wrong, what they mean, and what to do. */
import type { Level } from "./finding.ts";

export interface KnownLine {
  /** A group, where there is one, is what the explanation names. */
  readonly line: RegExp;
  readonly level: Extract<Level, "warning" | "problem">;
  readonly means: (found: string) => string;
  readonly mend: string;
}

const PORTS = "see ports above; end what holds it, or choose another port in the stack's file";
const UP = "npm run up deploys it anew from the settings";
const AGAIN = "npm run down, then npm run up";

const known = (
  line: RegExp,
  means: string | ((found: string) => string),
  mend: string,
  level: KnownLine["level"] = "problem",
): KnownLine => ({ line, level, means: typeof means === "string" ? () => means : means, mend });

/** Printed by livekit-server 1.13.5 when it was started with these faults. */
const livekit: readonly KnownLine[] = [
  known(
    /listen (?:tcp|udp) (\S+): bind: address already in use/,
    (it) => `something else listens on ${it}`,
    PORTS,
  ),
  known(
    /listen (?:tcp|udp) (\S+): bind: permission denied/,
    (it) => `it may not open ${it}: the capability for ports below 1024 is missing`,
    UP,
  ),
  known(
    /listen (?:tcp|udp) (\S+): bind: cannot assign requested address/,
    (it) => `${it} is on no interface of this machine`,
    "see address above; npm run up deploys for the address of now",
  ),
  known(
    /field (\S+) not found in type config\.\w+/,
    (it) => `livekit.yaml has the key ${it}, which this LiveKit does not know`,
    "let livekit.version in the stack's file be the version that the image holds",
  ),
  known(/could not parse config: (.+)/, (it) => `livekit.yaml cannot be read: ${it}`, UP),
  known(
    /key file others permissions must be set to 0/,
    "others may read the key file, so LiveKit refuses it",
    UP,
  ),
  known(/one of key-file or keys must be provided/, "it has no keys", UP),
  known(
    /stat (\S+): no such file or directory/,
    (it) => `the file ${it} is missing in its volume`,
    AGAIN,
  ),
  known(
    /secret is too short, should be at least 32 characters/,
    "a key's secret is shorter than 32 characters",
    AGAIN,
    "warning",
  ),
  known(
    /TURN domain (?:required|is not correct)/,
    "turn.domain is missing or none that LiveKit takes: it wants a dot in it",
    "correct turn.domain in the stack's file, then npm run up",
  ),
  known(/TURN tls cert required: (.+)/, (it) => `the TURN certificate cannot be loaded: ${it}`, UP),
  known(
    /invalid TURN ports/,
    "TURN is on and has no port",
    "set turn.udpPort in the stack's file, then npm run up",
  ),
  known(
    /could not resolve external IP: (.+)/,
    (it) => `it looks for its address at public STUN servers and gets no answer: ${it}`,
    "use_external_ip belongs off, as Turnkey gives it the address: npm run up",
  ),
  known(
    /TURN credential expired/,
    "clients used expired TURN credentials",
    "fetch a fresh ICE configuration before ttl runs out; if they are fresh, see clock above",
    "warning",
  ),
  known(
    /could not create TURN password.*invalid API key/,
    "clients used TURN credentials of a key that LiveKit does not have",
    "npm run up gives API and LiveKit the same keys; clients fetch a fresh ICE configuration",
    "warning",
  ),
  known(
    /"error": "invalid token: .*token is expired"/,
    "clients joined with expired room tokens",
    "fetch the token right before joining; if it is fresh, see clock above",
    "warning",
  ),
  known(
    /"error": "(?:invalid token: .*signature is invalid|invalid API key: .*)"/,
    "clients joined with room tokens that are signed with another stack's keys, or with earlier ones",
    "fetch the token from this stack's API; npm run up gives the API LiveKit's keys",
    "warning",
  ),
  known(
    /"error": "invalid authorization token"/,
    "clients joined with something that is no room token",
    "join with the participant_token that the API answers",
    "warning",
  ),
];

/** Printed by api/server.ts, and by Fastify's logger for answers with 5xx. */
const api: readonly KnownLine[] = [
  known(
    /listen EADDRINUSE: address already in use (\S+)/,
    (it) => `something else listens on ${it}`,
    PORTS,
  ),
  known(
    /listen EADDRNOTAVAIL: address not available (\S+)/,
    (it) => `${it} is on no interface of this machine`,
    "see address above; npm run up deploys for the address of now",
  ),
  known(
    /listen EACCES: permission denied (\S+)/,
    (it) => `it may not open ${it}`,
    "choose a port from 1024 on in the stack's file: api.port",
  ),
  known(/the API's environment is wrong/, "its environment is not what this version reads", UP),
  known(/(\w+_FILE) is .*; wanted /, (it) => `its secret file is missing or unfit: ${it}`, AGAIN),
  known(
    /"res":\{"statusCode":(5\d\d)\}/,
    (it) => `it answered with ${it}`,
    "npm run logs api shows the request and the error before it",
    "warning",
  ),
  known(
    /JavaScript heap out of memory/,
    "it ran out of memory",
    "raise api.memoryMib in the stack's file, then npm run up",
  ),
];

/** Printed by HAProxy 2.6 when it was started with these faults. */
const edge: readonly KnownLine[] = [
  known(
    /cannot bind socket \(Address already in use\) for \[([^\]]+)\]/,
    (it) => `something else listens on ${it}`,
    PORTS,
  ),
  known(
    /cannot bind socket \(Permission denied\) for \[([^\]]+)\]/,
    (it) => `it may not open ${it}: the capability for ports below 1024 is missing`,
    UP,
  ),
  known(
    /cannot bind socket \(Cannot assign requested address\) for \[([^\]]+)\]/,
    (it) => `${it} is on no interface of this machine`,
    "see address above; npm run up deploys for the address of now",
  ),
  known(
    /unable to stat SSL certificate from file '([^']+)'/,
    (it) => `the certificate ${it} is missing in its volume`,
    AGAIN,
  ),
  known(/unable to load certificate from file '([^']+)'/, (it) => `${it} holds no certificate`, UP),
  known(
    /No Private Key found in '([^']+)'/,
    (it) => `no private key is with the certificate (${it})`,
    UP,
  ),
  known(
    /inconsistencies between private key and certificate loaded '([^']+)'/,
    (it) => `certificate and private key in ${it} do not belong together`,
    "give a pair that does, or none, in the stack's file; then npm run up",
  ),
  known(
    /the changed certificate is refused: (.+)/,
    (it) => `it goes on with the old certificate, as the new one is refused: ${it}`,
    "give a pair that belongs together, or none, in the stack's file; then npm run up",
  ),
  known(
    /backend '?([\w-]+)'? has no server available/,
    (it) => `what lies behind ${it} does not answer`,
    "see containers above; npm run up starts it",
    "warning",
  ),
  known(
    / ([\w-]+)\/[\w<>-]+ -?\d\S* 503 /,
    (it) => `requests were answered 503, as what lies behind ${it} did not answer`,
    "see containers above; npm run up starts it",
    "warning",
  ),
  known(
    /parsing \[[^\]]+\] : (unknown keyword .+)/,
    (it) => `haproxy.cfg is not what this HAProxy reads: ${it}`,
    "let edge.image in the stack's file be HAProxy 2.6 or newer",
  ),
];

/** By service, as the plan names them. */
export const knownLines: Readonly<Record<string, readonly KnownLine[]>> = { livekit, api, edge };

/** What a service's log gives away. */
export interface LogFinding {
  readonly level: KnownLine["level"];
  readonly means: string;
  readonly mend: string;
  /** How often such a line is there. */
  readonly count: number;
  /** The last such line. */
  readonly last: string;
}

/** What every participant of `npm run verify` is called: it tries on purpose what must be refused. */
const PROOF = "turnkey-verify";

/** Whether the line tells of a request of verify's; LiveKit gives credentials' user names in base64. */
function isProof(line: string): boolean {
  const username = /"username": "([^"]+)"/.exec(line)?.[1] ?? "";
  return line.includes(PROOF) || Buffer.from(username, "base64").toString().includes(PROOF);
}

/** One finding for each known fault in the lines, the first kind that fits a line counting. */
export function explainLog(service: string, lines: readonly string[]): LogFinding[] {
  const found = new Map<string, LogFinding>();
  for (const last of lines.filter((it) => !isProof(it)))
    for (const { line, level, means, mend } of knownLines[service] ?? []) {
      const match = line.exec(last);
      if (!match) continue;
      const text = means(match[1] ?? "");
      found.set(text, { level, means: text, mend, count: (found.get(text)?.count ?? 0) + 1, last });
      break;
    }
  return [...found.values()];
}
