import { expect, test } from "@jest/globals";
import { bucketName, documentBucketPolicy, requireBucketName } from "../../plan/documentBucket.ts";
import { SettingsError } from "../../settingsError.ts";
import { KEY_ARN } from "../support/awsCloud.ts";
import { frankfurt } from "../support/awsPlace.ts";

test("the bucket's name is of stack, account and region, and never longer than S3 takes", () => {
  expect(bucketName("prod", frankfurt)).toBe("turnkey-prod-123456789012-eu-central-1");
  expect(bucketName("a".repeat(29), frankfurt)).toHaveLength(63);
});

test.each([
  ["a".repeat(30), "has 30 characters, wanted at most 29 in eu-central-1"],
  ["Prod", "wanted lower case letters and digits"],
  ["my.stack", "wanted lower case letters and digits"],
  ["prod-", "with single hyphens between them"],
  ["-prod", "with single hyphens between them"],
  ["prod--eu", "with single hyphens between them"],
])("stack %s is refused before anything is asked of AWS", (stack, words) => {
  const require = () => requireBucketName(stack, "eu-central-1");
  expect(require).toThrow(SettingsError);
  expect(require).toThrow(words);
  expect(() => bucketName(stack, frankfurt)).toThrow(words);
});

test("hyphens between are fine", () => {
  expect(() => requireBucketName("prod-eu-2", "eu-central-1")).not.toThrow();
});

test("a shorter region leaves more room for the stack's name", () => {
  expect(() => requireBucketName("a".repeat(33), "eu-west-1")).toThrow("wanted at most 32");
  expect(() => requireBucketName("a".repeat(32), "eu-west-1")).not.toThrow();
});

/** The bucket's statements that refuse a call: a condition that is not met lets it through. */
function refusals(said: Readonly<Record<string, string>>, action = "s3:PutObject"): string[] {
  const request: Readonly<Record<string, string>> = { "aws:SecureTransport": "true", ...said };
  const { Statement } = documentBucketPolicy(frankfurt, "b", KEY_ARN);
  const holds = (operator: string, key: string, value: unknown): boolean => {
    const given = request[key];
    if (operator === "Null") return String(given === undefined) === value;
    if (operator === "Bool") return given === value;
    if (operator === "StringNotEquals" || operator === "ArnNotEquals") return given !== value;
    throw new Error(`what ${operator} means is not known here`);
  };
  return Statement.filter(
    ({ Effect, Action, Condition = {} }) =>
      Effect === "Deny" &&
      Action.some((it) => it === action || it === "s3:*") &&
      Object.entries(Condition).every(([operator, keys]) =>
        Object.entries(keys).every(([key, value]) => holds(operator, key, value)),
      ),
  ).map(({ Sid }) => Sid);
}

const ENCRYPTION = "s3:x-amz-server-side-encryption";
const KEY = "s3:x-amz-server-side-encryption-aws-kms-key-id";

test.each([
  ["of nothing, so that the bucket's key is taken", {}],
  ["of the stack's key", { [ENCRYPTION]: "aws:kms", [KEY]: KEY_ARN }],
])("who writes and speaks %s is let through", (_what, said) => {
  expect(refusals(said)).toEqual([]);
});

test.each([
  ["without TLS", { "aws:SecureTransport": "false" }, ["OnlyByTls"]],
  ["with S3's own key", { [ENCRYPTION]: "AES256" }, ["OnlyKmsEncryption", "NoKmsWithoutAKey"]],
  ["with AWS's key in KMS", { [ENCRYPTION]: "aws:kms" }, ["NoKmsWithoutAKey"]],
  ["with another key", { [ENCRYPTION]: "aws:kms", [KEY]: `${KEY_ARN}9` }, ["OnlyTheKeyOfTheStack"]],
  ["naming another key alone", { [KEY]: `${KEY_ARN}9` }, ["OnlyTheKeyOfTheStack"]],
])("who writes %s is refused", (_what, said, statements) => {
  expect(refusals(said)).toEqual(statements);
});

test("nobody reads without TLS either, and all of it is about this bucket", () => {
  expect(refusals({ "aws:SecureTransport": "false" }, "s3:GetObject")).toEqual(["OnlyByTls"]);
  expect(refusals({}, "s3:GetObject")).toEqual([]);
  const { Statement } = documentBucketPolicy(frankfurt, "b", KEY_ARN);
  expect(Statement.map(({ Principal, Resource }) => [Principal, Resource])).toEqual([
    ["*", ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]],
    ...Array.from({ length: 3 }, () => ["*", ["arn:aws:s3:::b/*"]]),
  ]);
});
