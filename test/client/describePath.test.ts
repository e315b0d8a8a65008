/** `chromiumStats.json` holds reports of Chromium 156 from demo calls, as far as paths are concerned. */
import { describe, expect, test } from "@jest/globals";
import {
  bitrates,
  describeBitrate,
  describeEnd,
  describePath,
} from "../../client/pages/describePath.ts";
import { type Path, pathOf } from "../../client/pages/path.ts";
import chromium from "./chromiumStats.json" with { type: "json" };

const required = (path: Path | undefined): Path => {
  if (!path) throw new Error("the report has no path");
  return path;
};

describe("of what Chromium told", () => {
  test.each([
    {
      call: "through LiveKit",
      path: "direct over udp",
      local: "srflx: the address that STUN saw, 10.28.0.2:37410, by stun:10.28.0.1:443",
      remote: "host: an address of the machine itself, 10.28.0.1:28138",
    },
    {
      call: "through LiveKit, relay only",
      path: "relay over udp",
      local:
        "relay: an address on the TURN relay, 10.28.0.1:28160, by turn:10.28.0.1:443?transport=udp",
      remote: "host: an address of the machine itself, 10.28.0.1:28107",
    },
    {
      call: "through LiveKit, only TCP to 443",
      path: "relay over tls",
      local:
        "relay: an address on the TURN relay, 10.28.0.1:28140, by turns:10.28.0.1:443?transport=tcp",
      remote: "host: an address of the machine itself, 10.28.0.1:28114",
    },
    {
      call: "direct",
      path: "direct over udp",
      local: "srflx: the address that STUN saw, 10.28.0.2:58004, by stun:10.28.0.1:443",
      remote: "srflx: the address that STUN saw, 10.28.0.2:60453",
    },
    {
      call: "direct, relay only",
      path: "relay over udp, to the other side's relay",
      local:
        "relay: an address on the TURN relay, 10.28.0.1:28128, by turn:10.28.0.1:443?transport=udp",
      remote: "relay: an address on the TURN relay, 10.28.0.1:28186",
    },
    {
      call: "direct, only TCP to 443",
      path: "relay over tls, to the other side's relay",
      local:
        "relay: an address on the TURN relay, 10.28.0.1:28165, by turns:10.28.0.1:443?transport=tcp",
      remote: "relay: an address on the TURN relay, 10.28.0.1:28120",
    },
  ] as const)("a call $call is $path", ({ call, path, local, remote }) => {
    const found = required(pathOf(chromium[call]));
    expect(describePath(found)).toBe(path);
    expect(describeEnd(found.local)).toBe(local);
    expect(describeEnd(found.remote)).toBe(remote);
    expect(found.roundTripMs).toBeGreaterThan(0);
    expect(found.bytesSent).toBeGreaterThan(0);
    expect(found.bytesReceived).toBeGreaterThan(0);
  });
});

/** The smallest report with a path; what other browsers tell differs from it in one thing each. */
const report = ({ pair = {}, local = {}, remote = {} } = {}) => [
  { id: "T", type: "transport", selectedCandidatePairId: "P" },
  { id: "P", type: "candidate-pair", localCandidateId: "L", remoteCandidateId: "R", ...pair },
  { id: "L", type: "local-candidate", candidateType: "host", protocol: "udp", ...local },
  { id: "R", type: "remote-candidate", candidateType: "host", protocol: "udp", ...remote },
];

test.each([
  { what: "ICE over TCP", parts: { local: { protocol: "tcp" } }, told: "direct over tcp" },
  {
    what: "the other side's relay alone",
    parts: { remote: { candidateType: "relay" } },
    told: "the other side's relay",
  },
  {
    what: "a relay by TURN over TCP",
    parts: { local: { candidateType: "relay", relayProtocol: "tcp" } },
    told: "relay over tcp",
  },
  {
    what: "a relay of which only a turns: URL is told",
    parts: { local: { candidateType: "relay", url: "turns:a.example:443?transport=tcp" } },
    told: "relay over tls",
  },
  {
    what: "a relay of which only a URL with TCP is told",
    parts: { local: { candidateType: "relay", url: "turn:a.example:443?transport=tcp" } },
    told: "relay over tcp",
  },
  {
    what: "a relay of which only a bare URL is told",
    parts: { local: { candidateType: "relay", url: "turn:a.example:443" } },
    told: "relay over udp",
  },
  {
    what: "a relay of which nothing is told",
    parts: { local: { candidateType: "relay" } },
    told: "relay over what this browser does not tell",
  },
])("$what is $told", ({ parts, told }) => {
  expect(describePath(required(pathOf(report(parts))))).toBe(told);
});

test("an end that was learnt on the way is called so, and a hidden address is left out", () => {
  const path = required(pathOf(report({ remote: { candidateType: "prflx", address: "" } })));
  expect(describeEnd(path.remote)).toBe("prflx: an address learnt on the way");
});

test("an IPv6 address stands in brackets", () => {
  const path = required(pathOf(report({ local: { address: "fd00::2", port: 5000 } })));
  expect(path.local.address).toBe("[fd00::2]:5000");
});

test("without a transport, as in Firefox, the path is the pair that is selected", () => {
  const [, pair, ...ends] = report({ pair: { selected: true } });
  const other = { ...pair, id: "Q", selected: false, localCandidateId: "elsewhere" };
  expect(pathOf([other, pair, ...ends])?.id).toBe("P");
});

test.each([
  { what: "an empty report", stats: [] },
  { what: "a transport without a pair yet", stats: [{ id: "T", type: "transport" }] },
  { what: "a pair without its ends", stats: report().slice(0, 2) },
  { what: "what is no report", stats: [null, 1, "text"] },
])("$what has no path", ({ stats }) => {
  expect(pathOf(stats)).toBeUndefined();
});

/** The path of a report that was made at that moment. */
const at = (timestamp: number, bytes: number, id = "P") => ({
  ...required(pathOf(report({ pair: { timestamp, bytesSent: bytes, bytesReceived: 2 * bytes } }))),
  id,
});

describe("bitrates", () => {
  test("are the bits between two moments, by the second", () => {
    expect(bitrates(at(1_000, 100), at(3_000, 1_100))).toEqual({ sent: 4_000, received: 8_000 });
  });

  test.each([
    { what: "nothing before", before: undefined },
    { what: "another path before", before: at(1_000, 100, "Q") },
    { what: "the same moment", before: at(3_000, 100) },
  ])("are unknown with $what", ({ before }) => {
    expect(bitrates(before, at(3_000, 1_100))).toBeUndefined();
  });

  test.each([
    { bits: 0, told: "0 kbit/s" },
    { bits: 850_400, told: "850 kbit/s" },
    { bits: 999_499, told: "999 kbit/s" },
    { bits: 999_500, told: "1.0 Mbit/s" },
    { bits: 1_240_000, told: "1.2 Mbit/s" },
  ])("of $bits are told as $told", ({ bits, told }) => {
    expect(describeBitrate(bits)).toBe(told);
  });
});
