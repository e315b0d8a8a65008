import { arnIn, logGroupPrefix, type AwsPlace } from "./awsPlace.ts";
import { iamDocument, type IamDocument } from "./iamDocument.ts";

/** Services that send to an encrypted topic, and whose alarms are. */
const SENDERS = { Alarms: "cloudwatch", Budgets: "budgets" } as const;

/**
 * Who may use a stack's KMS key: the account by its own IAM policies, CloudWatch Logs for this stack's log
 * groups alone, and what tells of alarms and budgets, for this account alone. `*` is this key: a key's
 * policy names no other (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html).
 */
export function keyPolicy(place: AwsPlace, stack: string): IamDocument {
  const { partition, accountId, region } = place;
  const Resource = ["*"];
  return iamDocument([
    {
      Sid: "TheAccountGivesAccess",
      Effect: "Allow",
      Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
      Action: ["kms:*"],
      Resource,
    },
    {
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html, less DescribeKey:
      // it has no encryption context, so that no condition on one ever lets it through.
      Sid: "LogGroupsOfTheStack",
      Effect: "Allow",
      Principal: { Service: `logs.${region}.amazonaws.com` },
      Action: [
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
      ],
      Resource,
      Condition: {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": arnIn(
            place,
            "logs",
            `log-group:${logGroupPrefix(stack)}*`,
          ),
        },
      },
    },
    // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    ...Object.entries(SENDERS).map(
      ([what, service]) =>
        ({
          Sid: `${what}OfTheAccount`,
          Effect: "Allow",
          Principal: { Service: `${service}.amazonaws.com` },
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource,
          Condition: { StringEquals: { "aws:SourceAccount": accountId } },
        }) as const,
    ),
  ]);
}
