import { errorCode, LegFailure } from "./findings.ts";
import { type Context, type Leg, tryLeg } from "./leg.ts";

const PROBE_MS = 3_000;

/**
 * LiveKit's health is at the root of its signalling address: 200, or 406 when the node's figures
 * are stale.
 */
const healthUrl = (livekitUrl: string) => livekitUrl.replace(/^ws/, "http");

/**
 * Asks LiveKit whether it is well. Rejects with a `LegFailure` when it is not, or does not answer
 * in 3 s.
 */
export async function probeLivekit(
  fetch: typeof globalThis.fetch,
  livekitUrl: string,
  outer: AbortSignal,
): Promise<void> {
  const signal = AbortSignal.any([outer, AbortSignal.timeout(PROBE_MS)]);
  const response = await fetch(healthUrl(livekitUrl), { signal }).catch((error: unknown) => {
    const code = signal.aborted ? "ETIMEDOUT" : errorCode(error);
    throw new LegFailure({ kind: "livekit-unreachable", code }, { cause: error });
  });
  await response.body?.cancel();
  if (!response.ok) throw new LegFailure({ kind: "livekit-status", status: response.status });
}

/** The probe as a leg. */
export async function livekitLeg(context: Context, probe: Promise<void>): Promise<Leg> {
  const url = context.target.livekitUrl;
  return (await tryLeg(context, { name: "LiveKit answers", url }, () => probe)).leg;
}
