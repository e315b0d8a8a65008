/** Which lines of a container's log the doctor reads. */
import { expect, test } from "@jest/globals";
import { linesSince } from "../../../scripts/doctor/checks/logs.ts";

const NOW = Date.parse("2026-01-02T12:00:00Z");

test.each([
  [
    "that runs and never ended: since it started",
    { startedAt: "2026-01-02T09:00:00Z", finishedAt: "0001-01-01T00:00:00Z", isHealthy: true },
    "2026-01-02T09:00:00Z",
  ],
  [
    "that ended long before: what it said then is over",
    { startedAt: "2026-01-02T11:00:00Z", finishedAt: "2026-01-02T10:59:59Z", isHealthy: false },
    "2026-01-02T11:00:00Z",
  ],
  [
    "that ends again and again, and has just begun: why the last run ended",
    { startedAt: "2026-01-02T11:59:59.9Z", finishedAt: "2026-01-02T11:59:55Z", isHealthy: false },
    "2026-01-02T11:58:55Z",
  ],
  [
    "that ended a moment ago after hours: all of that run",
    { startedAt: "2026-01-02T08:00:00Z", finishedAt: "2026-01-02T11:59:55Z", isHealthy: false },
    "2026-01-02T08:00:00Z",
  ],
  [
    "that ended a moment ago, and is well since: what it said then is over",
    { startedAt: "2026-01-02T11:59:56Z", finishedAt: "2026-01-02T11:59:55Z", isHealthy: true },
    "2026-01-02T11:59:56Z",
  ],
])("one %s", (_, times, expected) => {
  expect(linesSince(times, NOW)).toBe(Date.parse(expected));
});
