import { expect, test } from "@jest/globals";
import { readyReport } from "../../machine/readyReport.ts";

test("a report is read, with the checks that failed", () => {
  const checks = {
    livekit: { ok: true, detail: "answers" },
    relay: { ok: false, detail: "nothing listens" },
  };
  expect(readyReport(JSON.stringify({ status: "starting", checks }))).toEqual({
    status: "starting",
    failed: [{ name: "relay", detail: "nothing listens" }],
    document: undefined,
  });
});

const document = { state: "applied", wanted: "v2", applied: "v2", since: "2030-01-01T00:00:00Z" };

test.each([
  ["which document runs is read with it", document, document],
  ["a document in another form is not told", { ...document, state: "pondering" }, undefined],
])("%s", (_, told, read) => {
  const text = JSON.stringify({ status: "ready", checks: {}, document: told });
  expect(readyReport(text)).toEqual({ status: "ready", failed: [], document: read });
});

test.each(["", "<html>", "{}", "null", '{"status": "ready"}', '{"status": 1, "checks": {}}'])(
  "%j is none",
  (text) => {
    expect(readyReport(text)).toBeUndefined();
  },
);
