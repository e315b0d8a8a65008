import { type Attempt, type Finding, LegFailure } from "./findings.ts";

/**
 * The error codes that count as the refusal wanted. LiveKit answers a wrong password and an expired
 * credential with 400 where RFC 8489 section 9.2.4 says 401, a forbidden ChannelBind with 401 where
 * RFC 8656 says 403, and a TCP relay with 400 where it says 442.
 */
const REFUSALS = {
  "no-token": [401],
  "wrong-password": [400, 401],
  "expired-credential": [400, 401],
  "tampered-credential": [400, 401],
  "metadata-permission": [403],
  "metadata-channel": [401, 403],
  "above-quota": [486],
  "tcp-relay": [400, 403, 442],
} satisfies Record<Attempt, number[]>;

/**
 * Tries what must be refused. Rejects when it succeeds, when it is refused for another reason, and
 * when there is no answer at all: silence proves nothing.
 */
export async function mustFail(attempt: Attempt, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const finding = error instanceof LegFailure ? error.finding : undefined;
    // A server that does not look at passwords cannot sign with the one we used.
    if (finding?.kind === "unsigned") throw new LegFailure({ kind: "allowed", attempt });
    const code = finding && refusalCode(finding);
    if (code === undefined) throw error;
    const wanted: readonly number[] = REFUSALS[attempt];
    if (wanted.includes(code)) return;
    throw new LegFailure({ kind: "refused-otherwise", attempt, code }, { cause: error });
  }
  throw new LegFailure({ kind: "allowed", attempt });
}

function refusalCode(finding: Finding): number | undefined {
  if (finding.kind === "refused") return finding.code;
  return finding.kind === "api-status" ? finding.status : undefined;
}
