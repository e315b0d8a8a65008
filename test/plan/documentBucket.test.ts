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
  ["Prod", "wanted lower case letters, digits and hyphens"],
  ["my.stack", "wanted lower case letters, digits and hyphens"],
])("stack %s is refused before anything is asked of AWS", (stack, words) => {
  const require = () => requireBucketName(stack, "eu-central-1");
  expect(require).toThrow(SettingsError);
  expect(require).toThrow(words);
  expect(() => bucketName(stack, frankfurt)).toThrow(words);
});

test("a shorter region leaves more room for the stack's name", () => {
  expect(() => requireBucketName("a".repeat(33), "eu-west-1")).toThrow("wanted at most 32");
  expect(() => requireBucketName("a".repeat(32), "eu-west-1")).not.toThrow();
});

test("nobody speaks to the bucket without TLS, or writes with another key", () => {
  const { Statement } = documentBucketPolicy(frankfurt, "b", KEY_ARN);
  const all = ["arn:aws:s3:::b", "arn:aws:s3:::b/*"];
  expect(Statement).toEqual([
    {
      Sid: "OnlyByTls",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:*"],
      Resource: all,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      Sid: "OnlyKmsEncryption",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:PutObject"],
      Resource: ["arn:aws:s3:::b/*"],
      Condition: { StringNotEqualsIfExists: { "s3:x-amz-server-side-encryption": "aws:kms" } },
    },
    {
      Sid: "OnlyTheKeyOfTheStack",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:PutObject"],
      Resource: ["arn:aws:s3:::b/*"],
      Condition: {
        ArnNotEqualsIfExists: { "s3:x-amz-server-side-encryption-aws-kms-key-id": KEY_ARN },
      },
    },
  ]);
});
