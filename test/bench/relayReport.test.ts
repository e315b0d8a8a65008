import { expect, test } from "@jest/globals";
import type { Measured } from "../../bench/relay/measure.ts";
import { type AllFigures, figuresOf, table } from "../../bench/relay/report.ts";
import type { SystemName } from "../../bench/relay/systems.ts";

const measured = (rate: number, generatorIdle = 0.5, relays = true): Measured => ({
  throughput: { rate, serverIdle: 0, generatorIdle },
  latency: {
    offered: 100,
    sent: 100,
    received: 100,
    p50Ms: relays ? 0.25 : 0.125,
    p99Ms: 1,
    serverIdle: 0.75,
    generatorIdle: 0.5,
  },
  churn: relays ? { perSecond: 700, failures: 1, failure: "", p50Ms: 1, p95Ms: 2 } : undefined,
});

const figures = (rates: Partial<Record<SystemName, number>>, idle = 0.5): AllFigures => {
  const of = (name: SystemName) =>
    figuresOf(name, [measured(rates[name] ?? 50_000, idle, name !== "direct")], 12);
  return {
    direct: of("direct"),
    livekitUdp: of("livekitUdp"),
    coturnUdp: of("coturnUdp"),
    edgeTls: of("edgeTls"),
    ownTls: of("ownTls"),
    plainTls: of("plainTls"),
    coturnTls: of("coturnTls"),
  };
};

const lineOf = (text: string, start: string) =>
  text.split("\n").find((it) => it.startsWith(start)) ?? "";

test("the middle round counts, and failures of all of them", () => {
  const rounds = [measured(30_000), measured(10_000), measured(20_000)];
  const it = figuresOf("relay", rounds, 12);
  expect(it).toMatchObject({ packetsPerSecond: 20_000, megabits: 153.6, busy: 0.25, failures: 3 });
});

test("a relay stands beside coturn over the same transport, and beside the path without one", () => {
  const text = table(figures({ livekitUdp: 40_000, direct: 200_000 }), 10_000);
  expect(lineOf(text, "livekitUdp")).toMatch(/40000 +307 +0\.80 +0\.20 +25 % +0\.125 +0\.000/);
});

test.each([
  [44_000, "missed (0.88; 0.73 of LiveKit with a node's scheduling)"],
  [45_000, "met (0.90; 0.75 of LiveKit with a node's scheduling)"],
])("behind the edge %d packets of 50000 are a goal that is %s", (edgeTls, verdict) => {
  expect(table(figures({ edgeTls, ownTls: 60_000 }), 10_000)).toContain(verdict);
});

test("allocations that failed are told with what the first of them said", () => {
  const refused = { perSecond: 700, failures: 2, failure: "508: no port", p50Ms: 1, p95Ms: 2 };
  const rounds = [measured(30_000), { ...measured(10_000), churn: refused }];
  const all = { ...figures({}), coturnUdp: figuresOf("coturn, UDP", rounds, 12) };
  expect(table(all, 10_000)).toContain(
    "coturn, UDP: 3 allocations failed, the first: 508: no port",
  );
});

test("a rate at which the generator had no time left is told as the generator's", () => {
  expect(table(figures({}, 0.1), 10_000)).toContain("10 % (the generator's limit)");
  expect(table(figures({}), 10_000)).not.toContain("limit)");
});
