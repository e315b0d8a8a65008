/** Explains attempts that must be refused and were not, or not for the right reason. */
import { type Explanation, LIVEKIT_LOG, UP } from "./explanation.ts";
import type { Attempt } from "./findings.ts";

/** What it means that the attempt succeeded. */
export const explainAllowed = (attempt: Attempt): Explanation => ALLOWED[attempt];

/** What it means that the attempt was refused, but with another code than such attempts are. */
export const explainRefusedOtherwise = (attempt: Attempt, code: number): Explanation => ({
  cause: `refused with ${code}, which says nothing about ${SUBJECT[attempt]}`,
  mend: `mend the legs above first; then ${LIVEKIT_LOG}`,
});

const SUBJECT = {
  "no-token": "requests without a token",
  "wrong-password": "wrong passwords",
  "expired-credential": "expired credentials",
  "tampered-credential": "credentials that were tampered with",
  "above-quota": "the quota",
  "tcp-relay": "TCP relays",
  "metadata-permission": "cloud metadata",
  "metadata-channel": "cloud metadata",
} satisfies Record<Attempt, string>;

const FORWARDS_METADATA: Explanation = {
  cause:
    "the relay forwards to cloud metadata (169.254.169.254): on a cloud machine every caller could read its keys",
  mend: `npm run down now; the deny list must hold 169.254.0.0/16 (turn.deny_peer_cidrs in livekit.yaml), then ${UP}`,
};

const ALLOWED = {
  "no-token": {
    cause: "the API hands out credentials to everyone: it asks for no token",
    mend: `npm run down now; ${UP} with an API of this version`,
  },
  "wrong-password": {
    cause: "the relay takes any password: it is open to everyone",
    mend: `npm run down now, and do not run this LiveKit version; ${UP} with a supported one`,
  },
  "expired-credential": {
    cause: "the relay takes expired credentials: one that leaked would work for ever",
    mend: `check the clock of LiveKit's machine; npm run down, and ${UP} with a supported LiveKit version`,
  },
  "tampered-credential": {
    cause: "the relay takes a credential that was tampered with: it does not check what was signed",
    mend: `npm run down now, and do not run this LiveKit version; ${UP} with a supported one`,
  },
  "above-quota": {
    cause:
      "the relay gives one user more allocations than the quota: a single user can take every relay port",
    mend: `${UP} renders turn.per_user_relay_allocation_limit anew; ${LIVEKIT_LOG} shows at its start what LiveKit read`,
  },
  "tcp-relay": {
    cause:
      "the relay opens TCP connections for its users (RFC 6062), which this version is said to refuse",
    mend: `${LIVEKIT_LOG} shows the version that runs; ${UP} with a supported one`,
  },
  "metadata-permission": FORWARDS_METADATA,
  "metadata-channel": FORWARDS_METADATA,
} satisfies Record<Attempt, Explanation>;
