import type { Fields } from "../../provider/kind.ts";
import { text as textOf } from "../../provider/read.ts";
import type { AwsKind } from "../awsKind.ts";
import {
  awsTable,
  count,
  fixed,
  flag,
  found,
  listOf,
  required,
  setOf,
  text,
  textMap,
  withDefault,
} from "../fields.ts";

/**
 * `aws_s3_bucket`: name and object lock replace (from its documentation; its source was not read).
 * Versioning, encryption and the like are kinds of their own.
 */
export const bucket: AwsKind = {
  table: awsTable({
    inputs: {
      bucket: fixed({ ...text, autoname: { longest: 63, lowerCase: true } }),
      forceDestroy: withDefault(flag, false),
      objectLockEnabled: fixed(found(flag)),
    },
    outputs: [
      "arn",
      "bucketDomainName",
      "bucketRegion",
      "bucketRegionalDomainName",
      "hostedZoneId",
    ],
    tagged: true,
  }),
  id: ({ inputs }) => textOf(inputs, "bucket"),
  outputs: ({ place: { partition, region } }, id) => ({
    arn: `arn:${partition.name}:s3:::${id}`,
    bucketDomainName: `${id}.s3.${partition.dnsSuffix}`,
    bucketRegion: region,
    bucketRegionalDomainName: `${id}.s3.${region}.${partition.dnsSuffix}`,
    hostedZoneId: "Z21DNDUVLTQW6Q",
  }),
  unique: { by: ["bucket"], code: "BucketAlreadyOwnedByYou" },
  held: {
    by: { "aws:s3/bucketObjectv2:BucketObjectv2": "bucket" },
    code: "BucketNotEmpty",
    unless: "forceDestroy",
  },
};

/** A setting of a bucket: made anew for another bucket, changed in place otherwise. */
const setting = (inputs: Fields): AwsKind => ({
  table: awsTable({ inputs: { bucket: fixed(required(text)), ...inputs } }),
  id: ({ inputs: given }) => textOf(given, "bucket"),
});

/** `aws_s3_bucket_versioning` (internal/service/s3/bucket_versioning.go). */
export const bucketVersioning = setting({
  versioningConfiguration: required({
    type: { object: { status: required(text), mfaDelete: found(text) } },
  }),
  expectedBucketOwner: fixed(text),
  mfa: text,
});

/** `aws_s3_bucket_server_side_encryption_configuration` (from its documentation; its source was not read). */
export const bucketServerSideEncryptionConfiguration = setting({
  rules: required({
    type: setOf({
      applyServerSideEncryptionByDefault: {
        type: { object: { sseAlgorithm: required(text), kmsMasterKeyId: text } },
      },
      bucketKeyEnabled: flag,
      blockedEncryptionTypes: found({ type: { list: "string" } }),
    }),
  }),
  expectedBucketOwner: fixed(text),
});

/** `aws_s3_bucket_public_access_block` (internal/service/s3/bucket_public_access_block.go). */
export const bucketPublicAccessBlock = setting({
  blockPublicAcls: withDefault(flag, false),
  blockPublicPolicy: withDefault(flag, false),
  ignorePublicAcls: withDefault(flag, false),
  restrictPublicBuckets: withDefault(flag, false),
});

/** `aws_s3_bucket_ownership_controls` (internal/service/s3/bucket_ownership_controls.go). */
export const bucketOwnershipControls = setting({
  rule: required({ type: { object: { objectOwnership: required(text) } } }),
});

/** `aws_s3_bucket_policy` (from its documentation; its source was not read). */
export const bucketPolicy = setting({ policy: required(text) });

const sizes: Fields = { objectSizeGreaterThan: found(count), objectSizeLessThan: found(count) };

/** `aws_s3_bucket_lifecycle_configuration` (internal/service/s3/bucket_lifecycle_configuration.go). */
export const bucketLifecycleConfiguration: AwsKind = {
  table: awsTable({
    inputs: {
      bucket: fixed(required(text)),
      expectedBucketOwner: fixed(found(text)),
      transitionDefaultMinimumObjectSize: found(text),
      rules: {
        type: listOf({
          id: required(text),
          status: required(text),
          filter: {
            type: {
              object: {
                prefix: found(text),
                ...sizes,
                tag: { type: { object: { key: required(text), value: required(text) } } },
                and: { type: { object: { prefix: found(text), ...sizes, tags: textMap } } },
              },
            },
          },
          expiration: {
            type: {
              object: { date: text, days: found(count), expiredObjectDeleteMarker: found(flag) },
            },
          },
          noncurrentVersionExpiration: {
            type: {
              object: { newerNoncurrentVersions: found(count), noncurrentDays: required(count) },
            },
          },
          abortIncompleteMultipartUpload: { type: { object: { daysAfterInitiation: count } } },
        }),
      },
    },
    bridge: "framework",
  }),
  id: ({ inputs }) => textOf(inputs, "bucket"),
  outputs: ({ inputs }) => ({
    expectedBucketOwner: inputs["expectedBucketOwner"] ?? "",
    transitionDefaultMinimumObjectSize:
      inputs["transitionDefaultMinimumObjectSize"] ?? "all_storage_classes_128K",
  }),
};
