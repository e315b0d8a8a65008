/** Explains what goes wrong between a TURN client, its relay and its peers. */
import { type Explanation, LIVEKIT_LOG, UP } from "./explanation.ts";
import type { Signature, TurnRequest } from "./findings.ts";
import { isComplete, type Tally } from "./packets.ts";

/** A TLS certificate that does not pass; `code` as OpenSSL and Node name it. */
export function explainCertificate(code: string): Explanation {
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID")
    return {
      cause: `the certificate is outside its time of validity (${code}), or this machine's clock is wrong`,
      mend: `check the clock; ${UP} renews the certificate`,
    };
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID" || code === "HOSTNAME_MISMATCH")
    return {
      cause: `the certificate is for another name than the URL's (${code})`,
      mend: `${UP} issues one for the present name or address`,
    };
  return {
    cause: `the certificate does not lead to a CA that is trusted here, the stack's or one of the system's (${code})`,
    mend: `${UP} brings the present certificate to what serves it; for a CA of your own: npm run verify -- --ca FILE`,
  };
}

/** A certificate that is still good, but not for long. */
export const explainEndingCertificate = (days: number): Explanation => ({
  cause: `the certificate ends in ${days} days, and clients will refuse it then`,
  mend: `${UP} renews it`,
});

const RELAY_REFUSALS: Partial<Record<number, Explanation>> = {
  437: {
    cause: "the server still holds an allocation for this very connection (437)",
    mend: "npm run verify once more",
  },
  486: {
    cause: "the allocation quota of verify's user is used up (486)",
    mend: "wait a minute for the allocations of an interrupted run to end, then npm run verify",
  },
  508: {
    cause: "every port of the relay range is in use (508)",
    mend: "wait for relays to end, or widen the relay range of the stack and npm run up",
  },
};

/** A request with good credentials that the server refused with an error code. */
export function explainRefusal(request: TurnRequest, code: number): Explanation {
  const known = RELAY_REFUSALS[code];
  if (known) return known;
  if (request === "CreatePermission" || request === "ChannelBind")
    return {
      cause: `the relay may not send to this peer (${request}: ${code}): the deny list covers the node's own address`,
      mend: `${UP} renders the list anew with the node's address cut out`,
    };
  return { cause: `the relay refused ${request} with ${code}`, mend: `${LIVEKIT_LOG} says why` };
}

const SIGNERS: Record<Exclude<Signature, undefined>, string> = {
  "stack-key":
    "the API signed it with the secret of the stack's TURN key, so LiveKit holds another secret for that key, does not know the key, or its clock is wrong",
  "other-secret": "the API signs with another secret than that of the stack's TURN key",
  "other-key": "the API signs with another key than the stack's TURN key",
};

/** A credential that the server does not take, seen from what signed it. */
export const explainCredential = (code: number, signature: Signature): Explanation => ({
  cause: `wrong secret: the relay refuses the API's credential (${code}); ${
    signature
      ? SIGNERS[signature]
      : "API and TURN server hold different secrets, or their clocks differ"
  }`,
  mend: `${UP} gives both the same key and secret`,
});

/** Packets that did not arrive as they were sent. */
export function explainPackets(direction: string, tally: Tally): Explanation {
  const { sent, lost, duplicated, foreign, disordered } = tally;
  const counts = { lost, duplicated, changed: foreign, "out of order": disordered };
  const what = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([word, count]) => `${count} ${word}`)
    .join(", ");
  const seen = `${direction}: of ${sent} packets ${what}`;
  if (lost === sent && isComplete({ ...tally, lost: 0 }))
    return {
      cause: `${seen}: a firewall drops the relay ports, or LiveKit drops what goes to its own addresses outside the media ports`,
      mend: `let the relay ports through the firewall; the relay range must lie inside the media range (npm run outputs)`,
    };
  return {
    cause: `${seen}: the network or an overloaded machine is not passing packets as they are`,
    mend: `npm run verify once more on an idle machine; then ${LIVEKIT_LOG}`,
  };
}

/** A direct peer that found no port; `code` is the last `bind`'s. */
export function explainPeerPort(address: string, code: string): Explanation {
  if (code === "EADDRINUSE")
    return {
      cause: `every media port of ${address} is in use, none is left for the direct peer`,
      mend: "wait for calls to end, or widen the media range of the stack and npm run up",
    };
  return {
    cause: `the direct peer cannot use ${address} (${code}): the node's address is not one of this machine`,
    mend: `run verify on the node itself; if the machine's address changed, ${UP}`,
  };
}
