import { bucketEncrypted } from "../../../../policy/rules/aws/bucketEncrypted.ts";
import { bucketOwnerEnforced } from "../../../../policy/rules/aws/bucketOwnerEnforced.ts";
import { bucketPublicAccess } from "../../../../policy/rules/aws/bucketPublicAccess.ts";
import { bucketTlsOnly } from "../../../../policy/rules/aws/bucketTlsOnly.ts";
import { bucketVersioned } from "../../../../policy/rules/aws/bucketVersioned.ts";
import { ecrImmutableTags } from "../../../../policy/rules/aws/ecrImmutableTags.ts";
import { ecrLifecycle } from "../../../../policy/rules/aws/ecrLifecycle.ts";
import { ecrScanOnPush } from "../../../../policy/rules/aws/ecrScanOnPush.ts";
import { keyRotation } from "../../../../policy/rules/aws/keyRotation.ts";
import { logRetention } from "../../../../policy/rules/aws/logRetention.ts";
import { atPreview, type Props, resource, UNKNOWN_AT_PREVIEW } from "../../../support/policy.ts";
import { describeRule } from "../../../support/ruleTable.ts";

const bucket = resource("aws:s3/bucket:Bucket", { bucket: "documents" }, { name: "documents" });
const other = resource("aws:s3/bucket:Bucket", { bucket: "other" }, { name: "other" });
/** Something about a bucket, made of its outputs. */
const about = (kind: string, props: Props = {}, of = bucket) =>
  resource(`aws:s3/bucket${kind}:Bucket${kind}`, props, { dependencies: { bucket: [of] } });

const BLOCKED = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};

describeRule(bucketPublicAccess, {
  passes: {
    "a bucket that blocks all four": [bucket, about("PublicAccessBlock", BLOCKED)],
    "one that is named in plain text": [
      bucket,
      resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {
        bucket: "documents",
        ...BLOCKED,
      }),
    ],
    "a bucket of the provider's older kind": [
      resource("aws:s3/bucketV2:BucketV2", { bucket: "documents" }),
      resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {
        bucket: "documents",
        ...BLOCKED,
      }),
    ],
    "no bucket": [],
  },
  fails: {
    "a bucket alone": [
      bucket,
      "documents: does not block public access: no aws.s3.BucketPublicAccessBlock",
    ],
    "a bucket beside one that blocks": [
      [bucket, other, about("PublicAccessBlock", BLOCKED)],
      "other: does not block public access",
    ],
    ...Object.fromEntries(
      Object.keys(BLOCKED).map((key) => [
        `a block without ${key}`,
        [
          [bucket, about("PublicAccessBlock", { ...BLOCKED, [key]: false })],
          `BucketPublicAccessBlock: leaves a way to public access open: ${key} is false`,
        ],
      ]),
    ),
    "a block that leaves one out": [
      [bucket, about("PublicAccessBlock", { ...BLOCKED, ignorePublicAcls: undefined })],
      "ignorePublicAcls is not set",
    ],
  },
});

const versioning = (status: unknown, of = bucket) =>
  about("Versioning", { versioningConfiguration: { status } }, of);

describeRule(bucketVersioned, {
  passes: {
    "a bucket with versions": [bucket, versioning("Enabled")],
    "a status that is not known at preview": [bucket, atPreview(versioning(UNKNOWN_AT_PREVIEW))],
    "a bucket that says so itself": resource("aws:s3/bucket:Bucket", {
      versioning: { enabled: true },
    }),
  },
  fails: {
    "a bucket alone": [bucket, "documents: does not keep versions"],
    "versions that are suspended": [[bucket, versioning("Suspended")], "documents: does not keep"],
    "versions of another bucket": [
      [bucket, versioning("Enabled", other)],
      "documents: does not keep",
    ],
  },
});

describeRule(bucketEncrypted, {
  passes: { "a bucket with a key": [bucket, about("ServerSideEncryptionConfiguration")] },
  fails: {
    "a bucket alone": [bucket, "documents: does not say what it is encrypted with"],
    "a key for another": [
      [bucket, about("ServerSideEncryptionConfiguration", {}, other)],
      "documents: does not say",
    ],
  },
});

const ownership = (objectOwnership: unknown) =>
  about("OwnershipControls", { rule: { objectOwnership } });

describeRule(bucketOwnerEnforced, {
  passes: { "a bucket without access lists": [bucket, ownership("BucketOwnerEnforced")] },
  fails: {
    "a bucket alone": [bucket, "documents: may be opened by access lists"],
    "one whose writers own": [[bucket, ownership("ObjectWriter")], "documents: may be opened"],
    "one that prefers": [[bucket, ownership("BucketOwnerPreferred")], "documents: may be opened"],
  },
});

const DENY_PLAIN = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: ["arn:aws:s3:::documents", "arn:aws:s3:::documents/*"],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const policy = (change: Props = {}) =>
  about("Policy", { policy: JSON.stringify({ Statement: [{ ...DENY_PLAIN, ...change }] }) });

describeRule(bucketTlsOnly, {
  passes: {
    "a policy that refuses plain HTTP": [bucket, policy()],
    "one for every kind of principal": [bucket, policy({ Principal: { AWS: "*" } })],
    "a policy that is an object": [bucket, about("Policy", { policy: { Statement: DENY_PLAIN } })],
    "a refusal of everything": [bucket, policy({ Condition: undefined })],
    "the flag as a flag": [
      bucket,
      policy({ Condition: { Bool: { "aws:SecureTransport": false } } }),
    ],
    "a policy that is not known at preview": [
      bucket,
      atPreview(about("Policy", { policy: UNKNOWN_AT_PREVIEW })),
    ],
  },
  fails: {
    "a bucket without a policy": [bucket, "documents: answers requests without TLS"],
    "a policy that is no JSON": [[bucket, about("Policy", { policy: "{" })], "documents: answers"],
    "a policy that allows": [[bucket, policy({ Effect: "Allow" })], "documents: answers requests"],
    "a refusal of reading alone": [
      [bucket, policy({ Action: "s3:GetObject" })],
      "documents: answers",
    ],
    "a refusal to one role": [
      [bucket, policy({ Principal: { AWS: "arn:aws:iam::1:role/r" } })],
      "documents: answers",
    ],
    "a refusal of TLS": [
      [bucket, policy({ Condition: { Bool: { "aws:SecureTransport": "true" } } })],
      "documents: answers",
    ],
    "a refusal with a second condition": [
      [
        bucket,
        policy({
          Condition: {
            Bool: { "aws:SecureTransport": "false" },
            StringEquals: { "aws:SourceAccount": "1" },
          },
        }),
      ],
      "documents: answers",
    ],
  },
});

const repository = (props: Props = {}) =>
  resource(
    "aws:ecr/repository:Repository",
    {
      name: "api",
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      ...props,
    },
    { name: "images" },
  );

describeRule(ecrScanOnPush, {
  passes: { "a repository that scans": repository(), "another kind of resource": bucket },
  fails: {
    "one that does not": [
      repository({ imageScanningConfiguration: { scanOnPush: false } }),
      "imageScanningConfiguration.scanOnPush is false",
    ],
    "one that does not say": [repository({ imageScanningConfiguration: undefined }), "is not set"],
  },
});

describeRule(ecrImmutableTags, {
  passes: { "a repository whose tags stay": repository(), "another kind of resource": bucket },
  fails: {
    "tags that move": [
      repository({ imageTagMutability: "MUTABLE" }),
      'imageTagMutability is "MUTABLE" - set imageTagMutability to "IMMUTABLE"',
    ],
    "ECR's own choice": [repository({ imageTagMutability: undefined }), "is not set"],
  },
});

const LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy";

describeRule(ecrLifecycle, {
  passes: {
    "a repository with a policy": [
      repository(),
      resource(LIFECYCLE, {}, { dependencies: { repository: [repository()] } }),
    ],
    "a policy that names it": [repository(), resource(LIFECYCLE, { repository: "api" })],
  },
  fails: {
    "a repository alone": [repository(), "images: keeps every image for ever"],
    "a policy of another": [
      [repository(), resource(LIFECYCLE, { repository: "web" })],
      "images: keeps every image",
    ],
  },
});

const key = (props: Props) => resource("aws:kms/key:Key", props, { name: "key" });

describeRule(keyRotation, {
  passes: {
    "a key that is rotated": key({ enableKeyRotation: true }),
    "a key pair, which AWS cannot rotate": key({ customerMasterKeySpec: "RSA_2048" }),
    "a key that is rotated every half year": key({
      enableKeyRotation: true,
      rotationPeriodInDays: 180,
    }),
    "a switch that is not known yet": atPreview(key({ enableKeyRotation: UNKNOWN_AT_PREVIEW })),
  },
  fails: {
    "a key that is not": [key({ enableKeyRotation: false }), "enableKeyRotation is false"],
    "a key that is every seven years": [
      key({ enableKeyRotation: true, rotationPeriodInDays: 2560 }),
      "is rotated less than once a year: rotationPeriodInDays is 2560",
    ],
    "a key that does not say": [key({}), "key: is never rotated: enableKeyRotation is not set"],
    "a symmetric key that says what it is": [
      key({ customerMasterKeySpec: "SYMMETRIC_DEFAULT" }),
      "is never rotated",
    ],
  },
});

const logs = (retentionInDays?: unknown) =>
  resource("aws:cloudwatch/logGroup:LogGroup", { retentionInDays });

describeRule(logRetention, {
  passes: {
    "logs for 30 days": logs(30),
    "days that are not known yet": atPreview(logs(UNKNOWN_AT_PREVIEW)),
    "another kind of resource": bucket,
  },
  fails: {
    "a group that does not say": [logs(), "keeps its logs for ever: retentionInDays is not set"],
    never: [logs(0), "retentionInDays is 0"],
  },
});
