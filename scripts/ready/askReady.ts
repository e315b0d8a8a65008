import { errorCode } from "../../verify/findings.ts";
import { fetchTrusting } from "../../verify/trust.ts";
import { type Seen, seenFailure, seenIn } from "./readyAnswer.ts";

/** Longer than the API takes to ask what it stands on. */
const ANSWER_MS = 5_000;

export interface ReadyPlace {
  /** Base URL of the API. */
  readonly apiUrl: string;
  /** PEM of a CA trusted besides the system's. */
  readonly caCertificate?: string | undefined;
  /** Of the document that the node has to run. Default: the one that it was last told. */
  readonly documentVersion?: string | undefined;
}

/** One look at `/readyz`, with a certificate that clients would trust. Rejects only when `signal` ends. */
export async function askReady(
  { apiUrl, caCertificate, documentVersion }: ReadyPlace,
  signal: AbortSignal,
): Promise<Seen> {
  const limit = AbortSignal.timeout(ANSWER_MS);
  try {
    const answer = await fetchTrusting(caCertificate)(`${apiUrl}/readyz`, {
      signal: AbortSignal.any([signal, limit]),
    });
    return seenIn(answer.status, await answer.text(), documentVersion);
  } catch (error) {
    signal.throwIfAborted();
    return seenFailure(limit.aborted ? "ETIMEDOUT" : errorCode(error));
  }
}
