/** What is compared: each way for a packet from a client to its peer and back. */
import type { Plan } from "../../plan/plan.ts";
import { row } from "../../turn/ports.ts";
import { credentials } from "./credentials.ts";
import type { Target } from "./generator.ts";
import { DOMAIN, SERVER } from "./places.ts";
import { type SiteName, TURN_KEY } from "./servers.ts";

/** In the order of the table. */
export const systemNames = [
  "direct",
  "livekitUdp",
  "coturnUdp",
  "edgeTls",
  "ownTls",
  "plainTls",
  "coturnTls",
] as const;
export type SystemName = (typeof systemNames)[number];
export type Systems = Readonly<Record<SystemName, System>>;

/** One line of the table. */
export interface System {
  readonly name: string;
  /** Whose server it is; undefined where there is none. */
  readonly site: SiteName | undefined;
  readonly target: Target;
}

/** Of credentials, in seconds: longer than any run. */
const TTL_SECONDS = 86_400;

const users = (kind: "livekit" | "coturn") =>
  credentials(kind, { ...TURN_KEY, ttlSeconds: TTL_SECONDS });

/** Makes all of them, with users of their own; `ca` is the PEM that vouches for the servers. */
export function makeSystems(plan: Plan, ca: string): Systems {
  const [livekitUsers, coturnUsers] = [users("livekit"), users("coturn")];
  const relay = (
    name: string,
    site: SiteName,
    transport: "udp" | "tls",
    port: "turn-udp" | "turn-tls" | "https",
  ): System => ({
    name,
    site,
    target: {
      transport,
      address: `${SERVER[site]}:${row(plan.ports, port).from}`,
      name: DOMAIN,
      ca,
      credentials: site === "coturn" ? coturnUsers : livekitUsers,
    },
  });
  return {
    direct: { name: "without a relay", site: undefined, target: { transport: "direct" } },
    livekitUdp: relay("LiveKit, UDP", "livekit", "udp", "turn-udp"),
    coturnUdp: relay("coturn, UDP", "coturn", "udp", "turn-udp"),
    // Where rooms look for TURN/TLS, which the edge has to tell from HTTPS.
    edgeTls: relay("LiveKit behind the edge, TLS", "livekit", "tls", "https"),
    ownTls: relay("LiveKit ending TLS itself", "ownTls", "tls", "turn-tls"),
    plainTls: relay("the same, as it comes", "plainTls", "tls", "turn-tls"),
    coturnTls: relay("coturn, TLS", "coturn", "tls", "turn-tls"),
  };
}
