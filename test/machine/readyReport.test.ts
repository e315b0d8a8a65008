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
  });
});

test.each(["", "<html>", "{}", "null", '{"status": "ready"}', '{"status": 1, "checks": {}}'])(
  "%j is none",
  (text) => {
    expect(readyReport(text)).toBeUndefined();
  },
);
