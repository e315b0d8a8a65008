import { expect, test } from "@jest/globals";
import {
  describeSeen,
  type Seen,
  seenFailure,
  seenIn,
} from "../../../scripts/ready/readyAnswer.ts";

const answer = (status: string, checks: Record<string, boolean>) =>
  JSON.stringify({
    status,
    checks: Object.fromEntries(
      Object.entries(checks).map(([name, ok]) => [name, { ok, detail: `${name} says so` }]),
    ),
  });

test.each<[string, number, string, Seen]>([
  ["ready", 200, answer("ready", { livekit: true }), { kind: "ready" }],
  [
    "what is not ready, by name",
    503,
    answer("not ready", { livekit: true, certificate: false, clock: false }),
    { kind: "checks", waiting: ["certificate (certificate says so)", "clock (clock says so)"] },
  ],
  [
    "an API that stops",
    503,
    answer("stopping", { livekit: true }),
    { kind: "checks", waiting: ["stopping"] },
  ],
  ["an edge without an API", 503, "<html>no server</html>", { kind: "stranger", status: 503 }],
  ["another server", 404, "{}", { kind: "stranger", status: 404 }],
  ["another server that is content", 200, "hello", { kind: "stranger", status: 200 }],
])("%s", (_claim, status, body, seen) => {
  expect(seenIn(status, body)).toEqual(seen);
});

const telling = (status: string, document: object) =>
  JSON.stringify({ status, checks: {}, document: { since: "2030-01-01T00:00:00Z", ...document } });
const wentBack = { state: "refused", wanted: "v2", applied: "v1" };

test.each<[string, number, string, Seen]>([
  [
    "ready with what was deployed",
    200,
    telling("ready", { state: "applied", wanted: "v2", applied: "v2" }),
    { kind: "ready" },
  ],
  [
    "ready with something else",
    200,
    telling("ready", wentBack),
    {
      kind: "document",
      why: "it refused version v2 of its document, and runs v1",
      refused: true,
    },
  ],
  [
    "what is not ready comes before what runs",
    503,
    telling("not ready", wentBack),
    { kind: "checks", waiting: ["not ready"] },
  ],
])("a node is %s", (_claim, status, body, seen) => {
  expect(seenIn(status, body, "v2")).toEqual(seen);
});

test.each([
  ["ECONNREFUSED", "connection"],
  ["ETIMEDOUT", "connection"],
  ["CERT_HAS_EXPIRED", "certificate"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "certificate"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "certificate"],
])("%s is a matter of the %s", (code, kind) => {
  expect(seenFailure(code)).toEqual({ kind, code });
});

test.each<[Seen, string]>([
  [
    {
      kind: "names",
      wrong: [
        { name: "a.example", found: [] },
        { name: "b.example", found: ["192.0.2.1"] },
      ],
    },
    "DNS: a.example is not found; b.example leads to 192.0.2.1",
  ],
  [{ kind: "connection", code: "ECONNREFUSED" }, "nothing answers yet (ECONNREFUSED)"],
  [{ kind: "certificate", code: "X" }, "no trusted certificate yet (X)"],
  [{ kind: "stranger", status: 503 }, "503, and not from the API"],
  [{ kind: "checks", waiting: ["livekit (down)"] }, "not ready: livekit (down)"],
  [
    { kind: "document", why: "it went back", refused: true },
    "the node does not run what was deployed: it went back",
  ],
])("%j is told in words", (seen, words) => {
  expect(describeSeen(seen)).toContain(words);
});
