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

const ACCOUNT_DIGITS = 12;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const LONGEST = 63;
const WELL_FORMED = /^[a-z0-9-]+$/;

/** The bucket's name, which holds the account as names of buckets are everybody's. Throws as `requireBucketName` does. */
export function bucketName(stack: string, { accountId, region }: AwsPlace): string {
  requireBucketName(stack, region);
  return `turnkey-${stack}-${accountId}-${region}`;
}

/** Throws a SettingsError where S3 takes no bucket that is named after the stack, before there is an account to ask. */
export function requireBucketName(stack: string, region: string): void {
  if (!WELL_FORMED.test(stack))
    throw new SettingsError(
      `the stack is called ${stack}, wanted lower case letters, digits and hyphens, as an S3 bucket is named after it - pulumi stack init <name>`,
    );
  const longest = LONGEST - `turnkey--${"0".repeat(ACCOUNT_DIGITS)}-${region}`.length;
  if (stack.length > longest)
    throw new SettingsError(
      `the stack's name ${stack} has ${stack.length} characters, wanted at most ${longest} in ${region}, as an S3 bucket is named after both - pulumi stack init <name>`,
    );
}

/**
 * What nobody may do with the bucket, whatever else they may: speak to it without TLS, or write with another
 * key than the stack's. Who says nothing of encryption gets the bucket's, which is that key.
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
      Condition: { StringNotEqualsIfExists: { "s3:x-amz-server-side-encryption": "aws:kms" } },
    },
    {
      Sid: "OnlyTheKeyOfTheStack",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:PutObject"],
      Resource: [`${arn}/*`],
      Condition: {
        ArnNotEqualsIfExists: { "s3:x-amz-server-side-encryption-aws-kms-key-id": keyArn },
      },
    },
  ]);
}
