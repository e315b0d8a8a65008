import { explainAllowed, explainRefusedOtherwise } from "./explainAttempt.ts";
import {
  explainCertificate,
  explainCredential,
  explainEndingCertificate,
  explainPackets,
  explainPeerPort,
  explainRefusal,
} from "./explainRelay.ts";
import { API_LOG, EDGE_LOG, elsewhere, type Explanation, LIVEKIT_LOG, UP } from "./explanation.ts";
import type { Finding } from "./findings.ts";

/** What else is known: `url` is the leg's; `ownStack` that it is a stack whose outputs are at hand. */
export interface Circumstances {
  readonly livekitRuns: boolean;
  readonly url: string;
  readonly ownStack: boolean;
}

const livekitStopped = (seen: string): Explanation => ({
  cause: `LiveKit is not running: ${seen}`,
  mend: `${UP}; if it stops again, ${LIVEKIT_LOG} says why`,
});

/**
 * Names the likely cause of a finding. Pure, so that the table in its test is the documentation.
 */
export function explain(finding: Finding, circumstances: Circumstances): Explanation {
  const explanation = explainOwn(finding, circumstances);
  return circumstances.ownStack ? explanation : elsewhere(explanation);
}

function explainOwn(finding: Finding, circumstances: Circumstances): Explanation {
  const { livekitRuns, url } = circumstances;
  switch (finding.kind) {
    case "api-unreachable":
      return {
        cause: `the API does not answer (${finding.code}): its container is not running`,
        mend: `${UP}; if it stops again, ${API_LOG} says why`,
      };
    case "api-status":
      return apiStatus(finding.status, circumstances);
    case "api-answer":
      return {
        cause: `the API's answer is not what this version expects: ${finding.problem}`,
        mend: `${UP} brings the API to this version`,
      };
    case "ice-urls":
      return {
        cause: `the API hands out ${finding.given.join(", ")}; the stack advertises ${finding.wanted.join(", ")}`,
        mend: `${UP} gives the API the stack's present settings`,
      };
    case "other-document":
      return {
        cause: `the node does not run what was deployed: ${finding.why}`,
        mend: `/run/turnkey/status.json on the node says why; then ${UP}, which waits for the node and tells more`,
      };
    case "livekit-unreachable":
      return livekitStopped(`nothing answers at ${url} (${finding.code})`);
    case "livekit-status":
      if (finding.status >= 500)
        return livekitStopped(`what is in front of it answers ${finding.status} at ${url}`);
      return {
        cause: `what answers ${finding.status} at ${url} is not LiveKit, which asks for a room token there (401)`,
        mend: `${LIVEKIT_LOG} shows the port LiveKit listens on`,
      };
    case "no-answer":
      if (!livekitRuns) return livekitStopped(`no answer to ${finding.request}`);
      return {
        cause: `no answer to ${finding.request} over ${finding.transport}: a firewall drops the port, or something else holds it`,
        mend: `let ${url} through the firewall; ${LIVEKIT_LOG} shows the port TURN listens on`,
      };
    case "connection":
      if (!livekitRuns) return livekitStopped(`${finding.transport} says ${finding.code}`);
      return {
        cause: `LiveKit runs, but its TURN server does not serve this port (${finding.code})`,
        mend: `${LIVEKIT_LOG} shows whether TURN started, and on which ports`,
      };
    case "certificate":
      return explainCertificate(finding.code);
    case "certificate-ends":
      return explainEndingCertificate(finding.days);
    case "web-socket":
      if (!livekitRuns) return livekitStopped(finding.problem);
      return {
        cause: `${finding.problem}: whoever is not on the node cannot join a room`,
        mend: `${EDGE_LOG} shows whether the request came; then ${LIVEKIT_LOG}`,
      };
    case "credential-refused":
      return explainCredential(finding.code, finding.signature);
    case "refused":
      return explainRefusal(finding.request, finding.code);
    case "unsigned":
      return {
        cause: `the success of ${finding.request} is not signed with the credential's password: the relay checks no passwords, or another server answers here`,
        mend: `${LIVEKIT_LOG} shows whether LiveKit holds the port`,
      };
    case "packets":
      return explainPackets(finding.direction, finding.tally);
    case "no-peer-port":
      return explainPeerPort(finding.address, finding.code);
    case "peer-container":
      return {
        cause: `the direct peer, a container beside LiveKit, does not run: ${finding.problem}`,
        mend: `${UP}; the Docker Engine's log says more`,
      };
    case "allowed":
      return explainAllowed(finding.attempt);
    case "refused-otherwise":
      return explainRefusedOtherwise(finding.attempt, finding.code);
    case "room":
      if (!livekitRuns) return livekitStopped(finding.problem);
      return {
        cause: `${finding.step} failed: ${finding.problem}`,
        mend: `mend failed TURN legs first, as clients get to the room through the relay; then ${LIVEKIT_LOG}`,
      };
    case "room-path":
      return {
        cause: `the room's data went over "${finding.path}", not over the relay`,
        mend: `${LIVEKIT_LOG} shows which TURN URLs LiveKit gave its client`,
      };
    case "time-limit":
      return {
        cause: `not finished after ${finding.limitMs / 1000} s: the machine or the path is too slow`,
        mend: `npm run verify once more; then ${LIVEKIT_LOG}`,
      };
    case "not-tried":
      return { cause: `not tried, as ${finding.because}` };
    case "unexpected":
      break;
  }
  return {
    cause: `unexpected: ${finding.problem}`,
    mend: "this is likely a fault of verify itself: please report it with this line",
  };
}

function apiStatus(status: number, { ownStack }: Circumstances): Explanation {
  if (status === 401 && !ownStack)
    return {
      cause: "the API refuses the token: it has expired, or was made for another API",
      mend: "give verify a fresh token of a signed-in user",
    };
  if (status === 401)
    return {
      cause: "the API refuses a token signed with the stack's secret: it runs with another one",
      mend: `${UP} gives the API the stack's secret`,
    };
  return { cause: `the API answered ${status}`, mend: `${API_LOG} says why` };
}
