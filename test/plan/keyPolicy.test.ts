import { expect, test } from "@jest/globals";
import { keyPolicy } from "../../plan/keyPolicy.ts";
import { frankfurt } from "../support/awsPlace.ts";

const statements = keyPolicy(frankfurt, "prod").Statement;
const about = (service: string) =>
  statements.filter((it) => JSON.stringify(it.Principal).includes(service));

test("the account itself says who may use the key, so that it can never lock itself out", () => {
  expect(statements[0]).toEqual({
    Sid: "TheAccountGivesAccess",
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::123456789012:root" },
    Action: ["kms:*"],
    Resource: ["*"],
  });
});

test("CloudWatch Logs of the region uses it for this stack's log groups alone", () => {
  expect(about("logs.eu-central-1.amazonaws.com").map((it) => it.Condition)).toEqual([
    {
      ArnLike: {
        "kms:EncryptionContext:aws:logs:arn":
          "arn:aws:logs:eu-central-1:123456789012:log-group:/turnkey/prod/*",
      },
    },
  ]);
});

test.each(["cloudwatch", "budgets"])("%s sends with it for this account alone", (service) => {
  expect(
    about(`"${service}.amazonaws.com"`).map(({ Action, Condition }) => [Action, Condition]),
  ).toEqual([
    [
      ["kms:Decrypt", "kms:GenerateDataKey"],
      { StringEquals: { "aws:SourceAccount": "123456789012" } },
    ],
  ]);
});

test("nobody else uses it", () => {
  expect(statements).toHaveLength(4);
  const unbound = statements.filter((it) => it.Condition === undefined).map((it) => it.Sid);
  expect(unbound).toEqual(["TheAccountGivesAccess"]);
});
