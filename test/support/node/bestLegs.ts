/** Runs of `npm run verify` on a machine that does much beside, as one. Pure. */
import { explainAllowed } from "../../../verify/explainAttempt.ts";
import type { Attempt } from "../../../verify/findings.ts";
import type { VerifiedLeg } from "./verifyIn.ts";

/** What a leg says whose attempt was let in: no machine is too slow to refuse. */
const LET_IN = {
  "no-token": explainAllowed("no-token"),
  "wrong-password": explainAllowed("wrong-password"),
  "expired-credential": explainAllowed("expired-credential"),
  "tampered-credential": explainAllowed("tampered-credential"),
  "metadata-permission": explainAllowed("metadata-permission"),
  "metadata-channel": explainAllowed("metadata-channel"),
  "above-quota": explainAllowed("above-quota"),
  "tcp-relay": explainAllowed("tcp-relay"),
} satisfies Record<Attempt, unknown>;

const wasLetIn = ({ cause }: VerifiedLeg) => Object.values(LET_IN).some((it) => it.cause === cause);

const key = ({ name, url }: VerifiedLeg) => `${name} ${url}`;

/**
 * Each leg by the first of the runs in which it passed, or else by the last one; but one that let in what it must not
 * by that run, whatever the others say.
 */
export function bestLegs(runs: readonly (readonly VerifiedLeg[])[]): VerifiedLeg[] {
  const best = new Map<string, VerifiedLeg>();
  for (const leg of runs.flat()) {
    const before = best.get(key(leg));
    const isOpen = before === undefined || (before.result !== "ok" && !wasLetIn(before));
    if (isOpen || wasLetIn(leg)) best.set(key(leg), leg);
  }
  return [...best.values()];
}
