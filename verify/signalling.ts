import { apiUrl, fetchRoomToken, ROOM_TOKEN_PATH } from "./api.ts";
import { LegFailure, NotApplicable } from "./findings.ts";
import type { Context } from "./leg.ts";
import { probeLivekit } from "./livekitLeg.ts";

/** Where LiveKit is and whether it is there. The promises may reject with what ends a leg. */
export interface Signalling {
  /** LiveKit's URL, or the one that does not tell it. */
  readonly label: string;
  readonly url: Promise<string>;
  readonly probe: Promise<void>;
  /** False when nothing answers: the cause of half of all failures. */
  readonly runs: Promise<boolean>;
}

type Known = Pick<Context, "target" | "fetch" | "signal" | "runId">;

/** Finds LiveKit: a stack says where it is, other deployments in the room tokens they hand out. */
export async function findSignalling(known: Known, token: string): Promise<Signalling> {
  const { target, fetch, signal } = known;
  const url = target.stack ? Promise.resolve(target.stack.livekitUrl) : told(known, token);
  const probe = url.then((it) => probeLivekit(fetch, it, signal));
  return {
    url,
    label: await url.catch(() => apiUrl(known, ROOM_TOKEN_PATH)),
    probe,
    runs: probe.then(
      () => true,
      (error: unknown) => !(error instanceof LegFailure && isSilence(error)),
    ),
  };
}

const isSilence = ({ finding }: LegFailure): boolean =>
  finding.kind === "livekit-unreachable" ||
  (finding.kind === "livekit-status" && finding.status >= 500);

/** Not every deployment hands out room tokens at that path, or in that shape. */
async function told(known: Known, token: string): Promise<string> {
  const body = { room_name: `turnkey-verify-${known.runId}` };
  try {
    return (await fetchRoomToken(known, known.signal, { token, body })).server_url;
  } catch (error) {
    const finding = error instanceof LegFailure ? error.finding : undefined;
    const isElsewhere =
      finding?.kind === "api-answer" ||
      (finding?.kind === "api-status" && [400, 404, 405].includes(finding.status));
    if (!isElsewhere) throw error;
    throw new NotApplicable(
      "the API hands out no room token at this path in LiveKit's format, and nothing else says where LiveKit is",
    );
  }
}
