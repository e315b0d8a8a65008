/** What goes on after a revocation, and until when: facts about LiveKit, the API and managed services. */
import type { Settings } from "../../config.ts";
import { ROOM_TOKENS_LIVE_SECONDS } from "../../turn/roomToken.ts";
import { columns } from "./columns.ts";

/** Something that goes on. */
export interface Remainder {
  readonly what: string;
  /** ISO 8601, UTC; absent where nothing here ends it. */
  readonly until?: string;
  readonly why: string;
}

const later = (now: Date, seconds: number) =>
  new Date(Math.ceil(now.getTime() / 1000 + seconds) * 1000).toISOString().replace(".000Z", "Z");

/**
 * Until when a room token may be valid that was handed out before now, under whatever settings: the
 * present ones may be shorter than those before.
 */
export const roomTokensUntil = (now: Date): string => later(now, ROOM_TOKENS_LIVE_SECONDS);

/** `turn.ttl_seconds` of LiveKit, which we leave at its default: for clients that join a room. */
const OF_ROOM_SECONDS = 300;

/**
 * The same for a TURN credential of this stack: whoever joins a room gets one from LiveKit itself. Those
 * from the API live no longer than a room token may.
 */
export const turnCredentialsUntil = (now: Date): string =>
  later(now, ROOM_TOKENS_LIVE_SECONDS + OF_ROOM_SECONDS);

/** Credentials of TURN servers that are not this stack's: its keys have nothing to do with them. */
export function elsewhere({ api, turn }: Settings, now: Date): Remainder[] {
  const kinds = [...new Set(api.iceSources.map(({ kind }) => kind))];
  return kinds.flatMap((kind): Remainder[] => {
    switch (kind) {
      case "livekit":
      case "stun":
        return [];
      case "static":
        return [
          {
            what: "the user name and password of the static servers",
            why: "they never end; change them there and in api.iceSources",
          },
        ];
      case "shared-secret":
      case "cloudflare":
      case "twilio":
      case "metered":
      case "xirsys":
        return [
          {
            what: `credentials of ${kind}`,
            until: later(now, turn.credentialTtlSeconds),
            why: "they are the service's; to end them sooner use its own means. Later where turn.credentialTtlSeconds was longer before",
          },
        ];
      default:
        return kind satisfies never;
    }
  });
}

/** For people: what, until when, why. */
export const remaindersTable = (remainders: readonly Remainder[]): string =>
  columns(
    remainders.map(({ what, until, why }) => [
      `  ${what}`,
      until === undefined ? "not ended here" : `until ${until}`,
      why,
    ]),
  );
