import { expect, test } from "@jest/globals";
import { recordLine, recordNames } from "../../plan/dnsRecords.ts";

test("the records are lines of a zone file, one a name", () => {
  const names = ["rtc.example.com", "turn.example.com", "rtc.example.com"];
  expect(recordNames(names).map((it) => recordLine(it, "203.0.113.7"))).toEqual([
    "rtc.example.com. 60 IN A 203.0.113.7",
    "turn.example.com. 60 IN A 203.0.113.7",
  ]);
});

test("a deployment without a name needs no record", () => {
  expect(recordNames([])).toEqual([]);
});
