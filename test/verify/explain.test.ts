import { describe, expect, test } from "@jest/globals";
import { explain } from "../../verify/explain.ts";
import type { Attempt, Finding, TurnRequest } from "../../verify/findings.ts";

const url = "turn:127.0.0.1:443?transport=udp";
const up = { livekitRuns: true, url, ownStack: true };
const down = { livekitRuns: false, url, ownStack: true };

const refused = (request: TurnRequest, code: number): Finding => ({
  kind: "refused",
  request,
  code,
});
const allowed = (attempt: Attempt): Finding => ({ kind: "allowed", attempt });
const tally = { sent: 50, lost: 0, duplicated: 0, foreign: 0, disordered: 0 };

const cases: [Finding, cause: RegExp, mend: RegExp][] = [
  [{ kind: "api-unreachable", code: "ECONNREFUSED" }, /API does not answer.*container/, /run up/],
  [{ kind: "api-status", status: 401 }, /refuses a token signed with the stack's/, /run up/],
  [{ kind: "api-status", status: 500 }, /answered 500/, /logs api/],
  [{ kind: "api-answer", problem: "ttl: missing" }, /ttl: missing/, /run up/],
  [{ kind: "ice-urls", given: ["stun:a"], wanted: ["stun:b"] }, /stun:a.*stun:b/, /run up/],
  [
    { kind: "other-document", why: "it went back" },
    /what was deployed: it went back/,
    /status\.json/,
  ],
  [{ kind: "livekit-status", status: 404 }, /answers 404.*not LiveKit/, /logs livekit/],
  [{ kind: "no-answer", transport: "udp", request: "Allocate" }, /firewall/, /443/],
  [{ kind: "connection", transport: "tls", code: "ECONNREFUSED" }, /LiveKit runs, but/, /logs/],
  [{ kind: "certificate", code: "CERT_HAS_EXPIRED" }, /time of validity/, /clock/],
  [{ kind: "certificate", code: "ERR_TLS_CERT_ALTNAME_INVALID" }, /another name/, /run up/],
  [{ kind: "certificate", code: "CERT_SIGNATURE_FAILURE" }, /CA that is trusted/, /--ca FILE/],
  [{ kind: "certificate-ends", days: 3 }, /ends in 3 days/, /run up/],
  [{ kind: "web-socket", problem: "the server answers 404" }, /answers 404.*join/, /logs edge/],
  [
    { kind: "credential-refused", code: 400, signature: "stack-key" },
    /^wrong secret:.*\(400\).*LiveKit holds another secret/,
    /run up/,
  ],
  [
    { kind: "credential-refused", code: 400, signature: "other-secret" },
    /^wrong secret:.*the API signs with another secret/,
    /run up/,
  ],
  [
    { kind: "credential-refused", code: 401, signature: "other-key" },
    /^wrong secret:.*the API signs with another key/,
    /run up/,
  ],
  [
    { kind: "credential-refused", code: 401, signature: undefined },
    /^wrong secret:.*different secrets, or their clocks/,
    /run up/,
  ],
  [refused("Allocate", 486), /quota/, /wait/],
  [refused("Allocate", 508), /relay range/, /widen/],
  [refused("CreatePermission", 403), /deny list/, /run up/],
  [refused("ChannelBind", 401), /deny list/, /run up/],
  [refused("Allocate", 500), /refused Allocate with 500/, /logs livekit/],
  [{ kind: "unsigned", request: "Allocate" }, /not signed/, /logs livekit/],
  [
    { kind: "packets", direction: "relay to direct peer", tally: { ...tally, lost: 50 } },
    /of 50 packets 50 lost: a firewall.*outside the media ports/,
    /inside the media range/,
  ],
  [
    { kind: "packets", direction: "x", tally: { ...tally, lost: 2, foreign: 1, disordered: 3 } },
    /2 lost, 1 changed, 3 out of order/,
    /once more/,
  ],
  [{ kind: "no-peer-port", address: "127.0.0.1", code: "EADDRINUSE" }, /in use/, /widen/],
  [
    { kind: "no-peer-port", address: "192.0.2.1", code: "EADDRNOTAVAIL" },
    /not one of this machine/,
    /on the node itself/,
  ],
  [allowed("no-token"), /asks for no token/, /down now/],
  [allowed("wrong-password"), /any password/, /down now/],
  [allowed("expired-credential"), /expired credentials/, /clock/],
  [{ kind: "peer-container", problem: "no such image" }, /direct peer.*no such image/, /run up/],
  [allowed("tampered-credential"), /tampered with/, /down now/],
  [allowed("above-quota"), /more allocations than the quota/, /per_user_relay/],
  [allowed("tcp-relay"), /RFC 6062/, /supported/],
  [allowed("metadata-permission"), /forwards to cloud metadata/, /169\.254\.0\.0\/16/],
  [allowed("metadata-channel"), /forwards to cloud metadata/, /169\.254\.0\.0\/16/],
  [
    { kind: "refused-otherwise", attempt: "wrong-password", code: 486 },
    /486.*wrong passwords/,
    /above first/,
  ],
  [
    { kind: "room", step: "joining the room", problem: "engine: timeout" },
    /^joining the room failed: engine: timeout/,
    /TURN legs first/,
  ],
  [{ kind: "room-path", path: "direct" }, /over "direct", not over the relay/, /TURN URLs/],
  [{ kind: "time-limit", limitMs: 5_000 }, /5 s/, /once more/],
  [{ kind: "unexpected", problem: "boom" }, /boom/, /report/],
];

describe("while LiveKit runs", () => {
  test.each(cases)("%j is explained", (finding, cause, mend) => {
    const explanation = explain(finding, up);
    expect(explanation.cause).toMatch(cause);
    expect(explanation.mend).toMatch(mend);
  });

  test("a leg that was not tried names why and mends nothing", () => {
    expect(explain({ kind: "not-tried", because: "the allocation failed" }, up)).toEqual({
      cause: "not tried, as the allocation failed",
    });
  });
});

describe("in a deployment that is no stack of ours", () => {
  const elsewhere = { ...up, ownStack: false };

  test.each(cases)("%j has a mend that needs no stack", (finding) => {
    expect(explain(finding, elsewhere).mend).not.toMatch(/npm run (up|down|logs|outputs)/);
  });

  test("a refused token is the user's, not the stack's", () => {
    expect(explain({ kind: "api-status", status: 401 }, elsewhere)).toEqual({
      cause: expect.stringMatching(/refuses the token: it has expired/),
      mend: expect.stringMatching(/fresh token/),
    });
  });
});

describe("while LiveKit does not answer", () => {
  const silent: Finding[] = [
    { kind: "livekit-unreachable", code: "ECONNREFUSED" },
    { kind: "no-answer", transport: "udp", request: "Binding" },
    { kind: "connection", transport: "udp", code: "ECONNREFUSED" },
    { kind: "connection", transport: "tls", code: "ECONNREFUSED" },
    { kind: "room", step: "joining the room", problem: "nothing answers" },
    { kind: "web-socket", problem: "the server answers 503" },
    { kind: "livekit-status", status: 503 },
  ];

  test.each(silent)("%j says that LiveKit is not running, and how to start it", (finding) => {
    const { cause, mend } = explain(finding, down);
    expect(cause).toMatch(/^LiveKit is not running: /);
    expect(mend).toBe("npm run up; if it stops again, npm run logs livekit says why");
  });
});
