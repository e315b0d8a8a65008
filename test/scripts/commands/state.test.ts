import { expect, test } from "@jest/globals";
import { statePlace } from "../../../scripts/commands/state.ts";

const given = {
  stack: "acme/turnkey/prod",
  bucket: "acme-pulumi-state",
  region: "eu-central-1",
  keyAlias: "alias/turnkey-state",
};

test("the place is named as the script wants it", () => {
  expect(statePlace(given)).toEqual({
    stack: "prod",
    bucket: "acme-pulumi-state",
    region: "eu-central-1",
    keyAlias: "turnkey-state",
  });
});

test.each([
  ["bucket", "No_Capitals"],
  ["bucket", "a.b.c"],
  ["bucket", "it'; rm -rf ~"],
  ["bucket", "ab"],
  ["region", "Frankfurt"],
  ["region", "eu-central-1 && x"],
  ["keyAlias", "aws/s3"],
  ["keyAlias", "$(x)"],
  ["stack", "it'"],
])("%s %j is refused before it gets into a script", (key, value) => {
  expect(() => statePlace({ ...given, [key]: value })).toThrow(JSON.stringify(value));
});
