import { expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { Documents } from "../../../components/aws/documents.ts";
import { documentBucketPolicy } from "../../../plan/documentBucket.ts";
import type { NodeDocument } from "../../../plan/nodeDocument.ts";
import { awsCloud, KEY_ARN } from "../../support/awsCloud.ts";
import { frankfurt, prod } from "../../support/awsPlace.ts";
import { deploy, valueOf } from "../../support/engine.ts";

const BUCKET = "turnkey-prod-123456789012-eu-central-1";
const document: NodeDocument = {
  format: 1,
  stack: "prod",
  services: [],
  logs: { maxMib: 10, files: 3 },
  ports: [],
  sysctls: {},
  scripts: {},
};

const deployDocuments = () =>
  deploy(
    () =>
      new Documents("documents", {
        ...prod,
        keyArn: KEY_ARN,
        document,
        metadata: pulumi.output({ "node-address": "203.0.113.7", secrets: "roomKey=7" }),
      }),
    { cloud: awsCloud },
  );

test("the bucket is named after stack, account and region, protected, and emptied when it goes", async () => {
  const { result, ofType } = await deployDocuments();
  const [bucket] = ofType("aws:s3/bucket:Bucket");
  expect(bucket?.inputs).toEqual({
    bucket: BUCKET,
    forceDestroy: true,
    tags: { "turnkey:stack": "prod", team: "calls", Name: BUCKET },
  });
  expect(bucket?.options).toMatchObject({ protect: true, parent: "documents" });
  expect(result.bucketName).toBe(BUCKET);
  expect(await valueOf(result.bucketArn)).toBe(`arn:aws:s3:::${BUCKET}`);
});

test("it is private, its owner's, encrypted by the stack's key, versioned, and forgets old versions", async () => {
  const { resources } = await deployDocuments();
  const settings = Object.fromEntries(
    resources
      .filter((it) => /^aws:s3\/bucket[A-Z]/.test(it.type) && !it.type.includes("Object"))
      .map(({ name, inputs: { bucket, ...rest } }) => {
        expect(bucket).toBe(BUCKET);
        return [name, rest];
      }),
  );
  expect(settings).toEqual({
    "documents-public-access": {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    "documents-ownership": { rule: { objectOwnership: "BucketOwnerEnforced" } },
    "documents-encryption": {
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY_ARN },
          bucketKeyEnabled: true,
          blockedEncryptionTypes: ["SSE-C"],
        },
      ],
    },
    "documents-versioning": { versioningConfiguration: { status: "Enabled" } },
    "documents-lifecycle": {
      rules: [
        {
          id: "old-versions",
          status: "Enabled",
          filter: { prefix: "" },
          noncurrentVersionExpiration: { newerNoncurrentVersions: 20, noncurrentDays: 90 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
        },
      ],
    },
    "documents-policy": {
      policy: JSON.stringify(documentBucketPolicy(frankfurt, BUCKET, KEY_ARN)),
    },
  });
});

test("the document is one encrypted object whose text is known at once; what is late rides beside it", async () => {
  const { ofType } = await deployDocuments();
  const [object] = ofType("aws:s3/bucketObjectv2:BucketObjectv2");
  expect(object?.inputs).toEqual({
    bucket: BUCKET,
    key: "node/document.json",
    content: JSON.stringify(document),
    contentType: "application/json",
    metadata: { "node-address": "203.0.113.7", secrets: "roomKey=7" },
    serverSideEncryption: "aws:kms",
    kmsKeyId: KEY_ARN,
    bucketKeyEnabled: true,
    tags: { "turnkey:stack": "prod", team: "calls", Name: "node/document.json" },
  });
  expect(object?.options.inputDependencies["content"]).toEqual([]);
});

test("nothing is put into the bucket before it is closed", async () => {
  const { ofType } = await deployDocuments();
  const [object] = ofType("aws:s3/bucketObjectv2:BucketObjectv2");
  expect(object?.options.dependencies).toEqual(
    expect.arrayContaining([
      "documents-encryption",
      "documents-lifecycle",
      "documents-ownership",
      "documents-policy",
      "documents-public-access",
      "documents-versioning",
    ]),
  );
});
