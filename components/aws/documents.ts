import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsPlace } from "../../plan/awsPlace.ts";
import {
  bucketName,
  CERTIFICATE_KEY,
  DOCUMENT_KEY,
  documentBucketPolicy,
  VERSIONS_KEPT,
} from "../../plan/documentBucket.ts";
import type { LateDocumentValues, NodeDocument } from "../../plan/nodeDocument.ts";

/** How long a replaced version is kept at least, whatever comes after it. */
const NONCURRENT_DAYS = 90;

export interface DocumentsArgs extends AwsPlace {
  readonly stack: string;
  readonly keyArn: pulumi.Input<string>;
  readonly document: NodeDocument;
  /** What is known only while deploying. */
  readonly metadata: pulumi.Input<LateDocumentValues>;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The bucket with the node document, and the document in it. The bucket is protected: it holds the
 * certificate, of which authorities give only so many in a week, and the versions to go back to. Once that
 * is lifted it goes with all that is in it, as all of it can be made again.
 */
export class Documents extends pulumi.ComponentResource {
  readonly bucketName: string;
  readonly bucketArn: pulumi.Output<string>;
  /** Where the node finds its document. */
  readonly documentKey = DOCUMENT_KEY;
  /** The one object that the node writes. */
  readonly certificateKey = CERTIFICATE_KEY;
  readonly object: aws.s3.BucketObjectv2;

  constructor(name: string, args: DocumentsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:aws:Documents", name, {}, opts);
    const { stack, keyArn, document, metadata, tags } = args;
    this.bucketName = bucketName(stack, args);
    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      { bucket: this.bucketName, forceDestroy: true, tags: { ...tags, Name: this.bucketName } },
      { parent: this, protect: true },
    );
    this.bucketArn = bucket.arn;
    const settings = this.close(name, bucket, args);
    this.object = new aws.s3.BucketObjectv2(
      `${name}-document`,
      {
        bucket: bucket.bucket,
        key: DOCUMENT_KEY,
        content: JSON.stringify(document),
        contentType: "application/json",
        metadata: pulumi.output(metadata).apply((it) => ({ ...it })),
        serverSideEncryption: "aws:kms",
        kmsKeyId: keyArn,
        bucketKeyEnabled: true,
        tags: { ...tags, Name: DOCUMENT_KEY },
      },
      { parent: this, dependsOn: settings },
    );
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
  }

  /** What makes the bucket private, encrypted and versioned; S3 refuses some of it side by side. */
  private close(name: string, { bucket }: aws.s3.Bucket, args: DocumentsArgs): pulumi.Resource[] {
    const { keyArn } = args;
    const closed = new aws.s3.BucketPublicAccessBlock(
      `${name}-public-access`,
      {
        bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      { parent: this },
    );
    const owned = new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      { parent: this, dependsOn: [closed] },
    );
    const encrypted = new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
            bucketKeyEnabled: true,
            // What S3 sets by itself for new buckets since 2026; unsaid, it would show as drift.
            blockedEncryptionTypes: ["SSE-C"],
          },
        ],
      },
      { parent: this },
    );
    const versioned = new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { bucket, versioningConfiguration: { status: "Enabled" } },
      { parent: this },
    );
    const expiring = new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        bucket,
        rules: [
          {
            id: "old-versions",
            status: "Enabled",
            filter: { prefix: "" },
            noncurrentVersionExpiration: {
              newerNoncurrentVersions: VERSIONS_KEPT,
              noncurrentDays: NONCURRENT_DAYS,
            },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          },
        ],
      },
      { parent: this, dependsOn: [versioned] },
    );
    const policy = new aws.s3.BucketPolicy(
      `${name}-policy`,
      {
        bucket,
        policy: pulumi
          .output(keyArn)
          .apply((key) => JSON.stringify(documentBucketPolicy(args, this.bucketName, key))),
      },
      { parent: this, dependsOn: [owned] },
    );
    return [closed, owned, encrypted, versioned, expiring, policy];
  }
}
