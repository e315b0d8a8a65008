/** The bucket that holds a stack's node document and the node's certificate: its name, keys and policy. */
import { SettingsError } from "../settingsError.ts";
import { bucketArn, type AwsPlace } from "./awsPlace.ts";
import { iamDocument, type IamDocument } from "./iamDocument.ts";

/** Key of the node document. */
export const DOCUMENT_KEY = "node/document.json";
/** Key of the one object that the node writes: its certificate, which outlives the node. */
export const CERTIFICATE_KEY = "node/certificate.json";

/** Versions of the document that are kept beside the newest, to go back to; and so are the images that they name. */
export const VERSIONS_KEPT = 20;

/** Condition keys of S3: what a request says of encryption, in headers of the same names. */
const ENCRYPTION = "s3:x-amz-server-side-encryption";
const KEY = "s3:x-amz-server-side-encryption-aws-kms-key-id";

const ACCOUNT_DIGITS = 12;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const LONGEST = 63;
/** As in the name of an image repository (ECR API reference, CreateRepository), which is stricter than S3. */
const WELL_FORMED = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** The bucket's name, which holds the account as names of buckets are everybody's. Throws as `requireBucketName` does. */
export function bucketName(stack: string, { accountId, region }: AwsPlace): string {
  requireBucketName(stack, region);
  return `turnkey-${stack}-${accountId}-${region}`;
}

/** Throws a SettingsError where AWS takes no bucket or repository that is named after the stack, before there is an account to ask. */
export function requireBucketName(stack: string, region: string): void {
  if (!WELL_FORMED.test(stack))
    throw new SettingsError(
      `the stack is called ${stack}, wanted lower case letters and digits, with single hyphens between them, as an S3 bucket and an image repository are named after it - pulumi stack init <name>`,
    );
  const longest = LONGEST - `turnkey--${"0".repeat(ACCOUNT_DIGITS)}-${region}`.length;
  if (stack.length > longest)
    throw new SettingsError(
      `the stack's name ${stack} has ${stack.length} characters, wanted at most ${longest} in ${region}, as an S3 bucket is named after both - pulumi stack init <name>`,
    );
}

/**
 * What nobody may do with the bucket, whatever else they may: speak to it without TLS, or write with another
 * key than the stack's. Who says nothing of encryption gets the bucket's, which is that key; `Null` lets them,
 * as a negated condition holds for what is not said, with `IfExists` or without (IAM User Guide, "Condition
 * operators"). Who says aws:kms and names no key would get AWS's own (S3 User Guide, "Specifying SSE-KMS").
 */
export function documentBucketPolicy(place: AwsPlace, bucket: string, keyArn: string): IamDocument {
  const arn = bucketArn(place, bucket);
  return iamDocument([
    {
      Sid: "OnlyByTls",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:*"],
      Resource: [arn, `${arn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      Sid: "OnlyKmsEncryption",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:PutObject"],
      Resource: [`${arn}/*`],
      Condition: {
        Null: { [ENCRYPTION]: "false" },
        StringNotEquals: { [ENCRYPTION]: "aws:kms" },
      },
    },
    {
      Sid: "OnlyTheKeyOfTheStack",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:PutObject"],
      Resource: [`${arn}/*`],
      Condition: { Null: { [KEY]: "false" }, ArnNotEquals: { [KEY]: keyArn } },
    },
    {
      Sid: "NoKmsWithoutAKey",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:PutObject"],
      Resource: [`${arn}/*`],
      Condition: { Null: { [ENCRYPTION]: "false", [KEY]: "true" } },
    },
  ]);
}
