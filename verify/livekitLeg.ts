import { errorCode, type Finding, LegFailure } from "./findings.ts";
import { type Context, type Leg, tryLeg } from "./leg.ts";
import { type Fetch, isCertificateError } from "./trust.ts";

const PROBE_MS = 3_000;

/**
 * A path of LiveKit's own that proxies hand on as they do signalling: it refuses whoever has no room
 * token with 401.
 */
const probeUrl = (livekitUrl: string) =>
  `${livekitUrl.replace(/^ws/, "http").replace(/\/$/, "")}/rtc/validate`;

const WITHOUT_TOKEN = 401;

/** Asks LiveKit for a sign of life. Rejects with a `LegFailure` when none comes in 3 s. */
export async function probeLivekit(
  fetch: Fetch,
  livekitUrl: string,
  outer: AbortSignal,
): Promise<void> {
  const signal = AbortSignal.any([outer, AbortSignal.timeout(PROBE_MS)]);
  const response = await fetch(probeUrl(livekitUrl), { signal }).catch((error: unknown) => {
    const code = signal.aborted ? "ETIMEDOUT" : errorCode(error);
    throw new LegFailure(unreachable(code), { cause: error });
  });
  await response.body?.cancel();
  if (response.status !== WITHOUT_TOKEN)
    throw new LegFailure({ kind: "livekit-status", status: response.status });
}

const unreachable = (code: string): Finding =>
  isCertificateError(code) ? { kind: "certificate", code } : { kind: "livekit-unreachable", code };

/** The probe as a leg; `url` is LiveKit's, or the one that did not tell it. */
export async function livekitLeg(
  context: Context,
  { url, probe }: { readonly url: string; readonly probe: Promise<void> },
): Promise<Leg> {
  return (await tryLeg(context, { name: "LiveKit answers", url }, () => probe)).leg;
}
