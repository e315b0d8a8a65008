import { expect, test } from "@jest/globals";
import { resolveHere, wrongNames } from "../../../scripts/ready/names.ts";
import { recordsText } from "../../../scripts/ready/records.ts";

const zone: Readonly<Record<string, readonly string[]>> = {
  "right.example": ["203.0.113.7"],
  "old.example": ["192.0.2.1"],
  "both.example": ["203.0.113.7", "192.0.2.1"],
};
const resolve = async (name: string) => {
  const found = zone[name];
  if (!found) throw new Error("ENOTFOUND");
  return found;
};

test("names that lead elsewhere, elsewhere too, or nowhere are wrong", async () => {
  const names = ["right.example", "old.example", "both.example", "none.example"];
  expect(await wrongNames(names, "203.0.113.7", resolve)).toEqual([
    { name: "old.example", found: ["192.0.2.1"] },
    { name: "both.example", found: ["203.0.113.7", "192.0.2.1"] },
    { name: "none.example", found: [] },
  ]);
});

test("this machine's own resolver is asked, its hosts file too", async () => {
  expect(await resolveHere("localhost")).toContain("127.0.0.1");
});

test("the records are told as a zone file has them", () => {
  const text = recordsText(
    [
      { name: "rtc.example.com", found: [] },
      { name: "live.example.com", found: ["192.0.2.1"] },
    ],
    "203.0.113.7",
  );
  expect(text).toMatch(/^ {2}rtc\.example\.com\. +60 +IN +A +203\.0\.113\.7 +\(not found/m);
  expect(text).toMatch(
    /^ {2}live\.example\.com\. +60 +IN +A +203\.0\.113\.7 +\(leads to 192\.0\.2\.1 now\)$/m,
  );
});
