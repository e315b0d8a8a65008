import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { alarmDescription, alarmTable, CERTIFICATE_ALARM_DAYS } from "../../plan/alarmTable.ts";

const thresholds = { networkOutGbPerMonth: 1_000, certificateDays: CERTIFICATE_ALARM_DAYS.name };
const table = alarmTable(thresholds);
const row = (role: string, of = table) => of.find((it) => it.role === role);

test("every alarm's name, metric and rule", () => {
  expect(
    table.map((it) => [
      it.role,
      `${it.statistic} of ${it.metric.from} ${it.metric.name}`,
      `${it.comparison} ${it.threshold}`,
      `${it.periods} x ${it.periodSeconds} s, no data is ${it.missing}`,
    ]),
  ).toMatchSnapshot();
});

test("a node that says nothing at all rings as one whose relay fails", () => {
  expect(row("relay-proof")).toMatchObject({ missing: "breaching", periods: 3, threshold: 1 });
});

test("a day may have three times its share of the month's traffic", () => {
  expect(row("network-out")).toMatchObject({ periodSeconds: 86_400, threshold: 100 * 2 ** 30 });
});

test.each([1, 45, 1_000_000])("the share of %d GB is told as it is counted", (gb) => {
  const it = row("network-out", alarmTable({ ...thresholds, networkOutGbPerMonth: gb }));
  const told = Number(/more than ([\d.]+) GB/.exec(it?.tells ?? "")?.[1]);
  expect(told).toBeCloseTo((it?.threshold ?? 0) / 2 ** 30, told < 10 ? 1 : 0);
});

test.each(Object.values(CERTIFICATE_ALARM_DAYS))("the certificate's alarm at %d days", (days) => {
  const it = row("certificate", alarmTable({ ...thresholds, certificateDays: days }));
  expect(it).toMatchObject({ comparison: "LessThanThreshold", threshold: days });
  expect(it?.why).toContain(`fewer than ${days} days`);
});

describe("what CloudWatch takes", () => {
  test.each(table)("$role", (it) => {
    expect(alarmDescription(it).length).toBeLessThanOrEqual(1024);
    expect(it.periodSeconds % 60).toBe(0);
    // PutMetricAlarm: a day in all for periods below an hour, else a week.
    const most = it.periodSeconds < 3_600 ? 86_400 : 604_800;
    expect(it.periodSeconds * it.periods).toBeLessThanOrEqual(most);
  });

  test("whatever traffic is expected", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (networkOutGbPerMonth) => {
        const it = row("network-out", alarmTable({ ...thresholds, networkOutGbPerMonth }));
        expect(Number.isSafeInteger(it?.threshold)).toBe(true);
        expect(it?.threshold).toBeGreaterThan(0);
      }),
    );
  });
});

test("no two alarms have one name", () => {
  expect(new Set(table.map((it) => it.role)).size).toBe(table.length);
});

test("a description says what to do, and why the threshold is that", () => {
  const told = table.map(alarmDescription).find((it) => it.startsWith("The node's volume"));
  expect(told).toBe(
    "The node's volume fills up. Look for what grows with Session Manager (sudo docker system df), or raise aws.volumeGib. Threshold: a fifth of the volume is room for one more set of images while an update pulls them.",
  );
});
