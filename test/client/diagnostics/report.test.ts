import { describe, expect, test } from "@jest/globals";
import {
  describeLoss,
  describeMs,
  describeThroughput,
  lineFigures,
  quantile,
} from "../../../client/diagnostics/numbers.ts";
import { reportJson, reportText } from "../../../client/diagnostics/report.ts";
import { withoutSecrets } from "../../../client/diagnostics/secrets.ts";
import {
  broken,
  failed,
  relayProof,
  RELAYS,
  silent,
  skipped,
  TLS,
  UDP,
  well,
  YOURS,
} from "./samples.ts";

describe("the report as text", () => {
  test("says the verdict, everything that was found, and what was measured", () => {
    expect(reportText(well)).toMatchSnapshot();
  });

  test("says what failed, and what was left out", () => {
    const text = reportText({
      ...well,
      urls: [silent(UDP), broken(TLS)],
      relay: skipped,
      rooms: { relay: failed("connecting", "no answer"), any: failed("connecting", "no answer") },
    });
    expect(text).toContain("Calls fail on this network");
    expect(text).toContain(`  ${UDP}: no answer within 8.0 s`);
    expect(text).toContain("    error 701: Failed to establish connection");
    expect(text).toContain("A file over the relay\n  left out: no relay was reached");
    expect(text).toContain("  failed while connecting: no answer");
    expect(text).toContain("  What to do: ");
  });
});

/** The keys at whose end a value stands, at any depth. */
function keysOf(value: unknown, wanted: string): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, it]) => (it === wanted ? [key] : keysOf(it, wanted)));
}

describe("the report as JSON", () => {
  const report: unknown = JSON.parse(reportJson(well));

  test("holds verdict, findings and measurements", () => {
    expect(report).toMatchObject({
      format: "turnkey-diagnostics-1",
      verdict: "well",
      at: well.at,
      relay: { result: { transfer: { received: 5_000_000, intact: true } } },
      rooms: { any: { result: { frames: 6 } } },
    });
  });

  test("marks every address of the reader's own as theirs, and none of the relay's", () => {
    expect(new Set(keysOf(report, YOURS))).toEqual(new Set(["yourAddress"]));
    expect(keysOf(report, YOURS)).toHaveLength(2);
    expect(new Set(keysOf(report, RELAYS))).toEqual(new Set(["relayAddress", "otherAddress"]));
  });

  test("keeps what failed", () => {
    const spoilt = { ...well, relay: failed("sending a file", "it closed") };
    expect(JSON.parse(reportJson(spoilt))).toHaveProperty("relay", spoilt.relay);
  });
});

test("a library's words reach the report without token or credential", () => {
  const session = {
    user: "u",
    livekit: { server_url: "wss://a", participant_token: "to.k-en" },
    ice: {
      iceServers: [
        { urls: ["stun:a"] },
        { urls: ["turn:a"], username: "na/me", credential: "pass" },
      ],
    },
  };
  const text = "GET wss://a?access_token=to.k-en&u=na%2Fme na/me pass to.k-en";
  expect(withoutSecrets(text, session)).toBe(
    "GET wss://a?access_token=[secret]&u=[secret] [secret] [secret] [secret]",
  );
});

describe("numbers", () => {
  test.each([
    { ms: undefined, says: "not measured" },
    { ms: 0.4, says: "0 ms" },
    { ms: 999.4, says: "999 ms" },
    { ms: 999.5, says: "1.0 s" },
    { ms: 12_340, says: "12.3 s" },
  ])("$ms ms is $says", ({ ms, says }) => expect(describeMs(ms)).toBe(says));

  test.each([
    { received: 5_000_000, says: "5.0 MB came across whole in 2.0 s: 20.0 Mbit/s" },
    { received: 2_500_000, says: "2.5 MB of 5.0 MB came across in 2.0 s: 10.0 Mbit/s" },
    { received: 0, says: "0.0 MB of 5.0 MB came across in 2.0 s: 0.0 Mbit/s" },
  ])("$received bytes: $says", ({ received, says }) => {
    expect(describeThroughput({ bytes: 5_000_000, received, intact: true, tookMs: 2_000 })).toBe(
      says,
    );
  });

  test.each([
    { received: 100, says: "0 of 100 lost" },
    { received: 97, says: "3 of 100 lost (3.0 %)" },
  ])("$received of 100: $says", ({ received, says }) =>
    expect(describeLoss({ sent: 100, received })).toBe(says),
  );

  test("three stand out", () => {
    expect(lineFigures(relayProof)).toEqual([
      ["Throughput", "40.0 Mbit/s"],
      ["Loss", "0.0 %"],
      ["Round trip", "12 ms"],
    ]);
  });

  test.each([
    { values: [], share: 0.5, is: undefined },
    { values: [7], share: 0.95, is: 7 },
    { values: [10, 9, 1, 2], share: 0.5, is: 2 },
    { values: Array.from({ length: 100 }, (_, at) => 100 - at), share: 0.95, is: 95 },
  ])("of $values.length values, $share are at most $is", ({ values, share, is }) =>
    expect(quantile(values, share)).toBe(is),
  );
});
