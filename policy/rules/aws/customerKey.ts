import * as z from "zod";
import { itemsOf, peek, peekAt, shown, UNKNOWN } from "../../known.ts";
import type { Finding, Resource, ResourceRule } from "../../rule.ts";
import { BUCKET_ENCRYPTION_TYPES } from "./bucketTypes.ts";
import { volumesOf } from "./volumes.ts";

/** What a resource says of the key it is encrypted with. */
interface KeyUse {
  readonly path: string;
  readonly key: unknown;
}

const kinds = {
  /** SecureStrings; without a key the account's `alias/aws/ssm`, which every role of the account may be given. */
  parameter: ({ type, props }) =>
    type === "aws:ssm/parameter:Parameter" && peek(props, "type") === "SecureString"
      ? [{ path: "keyId", key: peek(props, "keyId") }]
      : [],
  bucket: ({ type, props }) =>
    BUCKET_ENCRYPTION_TYPES.has(type)
      ? itemsOf(props, "rules").map((rule, index) => {
          const path = `rules[${index}].applyServerSideEncryptionByDefault.kmsMasterKeyId`;
          const its = peek(rule, "applyServerSideEncryptionByDefault");
          // S3's own key (AES256) is no key of anybody's.
          const isKms = String(peekAt(its, "sseAlgorithm")).startsWith("aws:kms");
          return { path, key: isKms ? peekAt(its, "kmsMasterKeyId") : undefined };
        })
      : [],
  topic: ({ type, props }) =>
    type === "aws:sns/topic:Topic"
      ? [{ path: "kmsMasterKeyId", key: peek(props, "kmsMasterKeyId") }]
      : [],
  logGroup: ({ type, props }) =>
    type === "aws:cloudwatch/logGroup:LogGroup"
      ? [{ path: "kmsKeyId", key: peek(props, "kmsKeyId") }]
      : [],
  volume: (resource) =>
    volumesOf(resource).map(({ path, kmsKeyId }) => ({ path: `${path}kmsKeyId`, key: kmsKeyId })),
  repository: ({ type, props }) =>
    type === "aws:ecr/repository:Repository"
      ? [
          {
            path: "encryptionConfigurations[0].kmsKey",
            key: peek(itemsOf(props, "encryptionConfigurations")[0], "kmsKey"),
          },
        ]
      : [],
} satisfies Record<string, (resource: Resource) => readonly KeyUse[]>;

const kindNames = ["parameter", "bucket", "topic", "logGroup", "volume", "repository"] as const;

const config = z.strictObject({
  kinds: z
    .array(z.enum(kindNames))
    .default(["parameter", "bucket", "topic", "logGroup", "volume"])
    .describe("What a customer key is asked for; by default all but repositories, which hold code"),
});

/** A key of one's own has a policy, a log of its uses and an end; AWS's own keys have none of the three. */
export const customerKey: ResourceRule<z.infer<typeof config>> = {
  name: "customer-key",
  description:
    "What holds secrets, messages or logs is encrypted with a KMS key of the customer's own.",
  level: "mandatory",
  severity: "high",
  mirrors: ["CKV_AWS_337", "CKV_AWS_145", "CKV_AWS_26", "CKV_AWS_158", "CKV_AWS_189"],
  config,
  checkResource: (resource, { kinds: wanted }) =>
    wanted
      .flatMap((kind): readonly KeyUse[] => kinds[kind](resource))
      .filter(({ key }) => !isOwnKey(key))
      .map(({ path, key }): Finding => ({
        what: "is not encrypted with a key of your own",
        seen: `${path} is ${shown(key)}`,
        mend: `set ${path} to an aws.kms.Key of the stack`,
      })),
};

const isOwnKey = (key: unknown) =>
  key === UNKNOWN || (typeof key === "string" && key !== "" && !key.includes("alias/aws/"));
