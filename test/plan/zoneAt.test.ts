import { expect, test } from "@jest/globals";
import { zoneAt } from "../../plan/zoneAt.ts";

test("a zone is taken by its place in the region's list", () => {
  expect([0, 1].map((it) => zoneAt(["eu-central-1a", "eu-central-1b"], it))).toEqual([
    "eu-central-1a",
    "eu-central-1b",
  ]);
});

test("a region with too few zones is an error that names the setting", () => {
  expect(() => zoneAt(["xx-west-1a"], 1)).toThrow(
    "aws.region: given one with the availability zones [xx-west-1a] for this account, wanted one with at least 2 - choose another region, or give aws.vpc.id and aws.vpc.subnetIds",
  );
});
