import { describe, expect, test } from "@jest/globals";
import { reportJson, reportTable } from "../../verify/report.ts";
import type { Report } from "../../verify/verify.ts";

const passed = { name: "STUN binding", url: "stun:127.0.0.1:443", ok: true, ms: 4 };
const broken = {
  name: "allocate over UDP",
  url: "turn:127.0.0.1:443?transport=udp",
  ok: false,
  ms: 1_234,
  cause: "every port is in use",
  mend: "wait",
};
const impossible = { ...passed, name: "room", na: "a bridge has no way there" };
const report: Report = { ok: false, legs: [passed, broken] };

const lines = (legs: Report["legs"]) =>
  reportTable({ ok: true, legs }, { colours: false }).split("\n");

describe("the table", () => {
  test("aligns its columns, explains each failure below it and sums up", () => {
    expect(reportTable(report, { colours: false }).split("\n")).toEqual([
      "ok      STUN binding       stun:127.0.0.1:443                   4 ms",
      "failed  allocate over UDP  turn:127.0.0.1:443?transport=udp  1234 ms",
      "        every port is in use",
      "        mend: wait",
      "1 of 2 legs failed",
    ]);
  });

  test("says that the relay works when every leg passed", () => {
    const text = reportTable({ ok: true, legs: [passed] }, { colours: false });
    expect(text.split("\n").at(-1)).toBe("all 1 legs passed: the relay works");
  });

  test("gives the reason of what cannot work, and counts it neither way", () => {
    expect(lines([passed, impossible]).slice(1)).toEqual([
      "n/a     room          stun:127.0.0.1:443  4 ms",
      "        a bridge has no way there",
      "all 1 legs passed, 1 n/a: the relay works",
    ]);
    expect(lines([passed, impossible, broken]).at(-1)).toBe("1 of 2 legs failed, 1 n/a");
  });

  test("has colours only where they are wanted", () => {
    const escape = String.fromCodePoint(27);
    expect(reportTable(report, { colours: true })).toContain(escape);
    expect(reportTable(report, { colours: false })).not.toContain(escape);
  });
});

test("the JSON holds ok and the legs with name, url, result, ms, cause and reason, and nothing else", () => {
  expect(JSON.parse(reportJson({ ok: false, legs: [passed, impossible, broken] }))).toEqual({
    ok: false,
    legs: [
      { ...passed, result: "ok" },
      { ...impossible, result: "n/a" },
      {
        result: "failed",
        name: broken.name,
        url: broken.url,
        ok: false,
        ms: broken.ms,
        cause: broken.cause,
      },
    ],
  });
});
