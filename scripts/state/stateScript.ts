/** A shell script that makes where Pulumi keeps the state of stacks: a bucket, and the key for its secrets. */

export interface StatePlace {
  readonly stack: string;
  readonly bucket: string;
  readonly region: string;
  /** Without `alias/`. */
  readonly keyAlias: string;
}

/** What `PULUMI_BACKEND_URL` says for it. */
export const backendUrl = ({ bucket, region }: Pick<StatePlace, "bucket" | "region">): string =>
  `s3://${bucket}?region=${region}`;

/** Pulumi's secrets provider that encrypts with the key. */
export const secretsProvider = ({
  keyAlias,
  region,
}: Pick<StatePlace, "keyAlias" | "region">): string =>
  `awskms://alias/${keyAlias}?region=${region}`;

/** A state is some hundred KiB, and each update writes it anew: what was months ago helps nobody. */
const KEPT_DAYS = 180;

/**
 * For POSIX sh and AWS CLI v2 or v1. Run again it changes nothing; what is there is found by its name. The
 * place must hold no character that a shell reads.
 */
export const stateScript = (place: StatePlace): string => {
  const { stack, bucket, region, keyAlias } = place;
  // CreateBucket refuses us-east-1 as a constraint, and wants one for every other region.
  const where =
    region === "us-east-1" ? "" : ` --create-bucket-configuration LocationConstraint=${region}`;
  return `#!/bin/sh
# Makes a bucket and a KMS key for Pulumi's state. It takes the AWS CLI and the right to create both; run
# again it changes nothing. Read it, then pipe it into sh.
set -eu
export AWS_REGION=${region} AWS_DEFAULT_REGION=${region} AWS_PAGER=

account=$(aws sts get-caller-identity --query Account --output text)
echo "account $account, region ${region}" >&2

# The key encrypts the secrets in the state. Rotation keeps what older versions of it encrypted readable.
key=$(aws kms list-aliases --query "Aliases[?AliasName=='alias/${keyAlias}'].TargetKeyId" --output text)
if [ -z "$key" ] || [ "$key" = None ]; then
  key=$(aws kms create-key --description "secrets in the state of Pulumi stacks" --query KeyMetadata.KeyId --output text)
  aws kms create-alias --alias-name alias/${keyAlias} --target-key-id "$key"
  echo "made the key alias/${keyAlias}" >&2
fi
aws kms enable-key-rotation --key-id "$key"

found=$(aws s3api list-buckets --query "Buckets[?Name=='${bucket}'].Name" --output text)
if [ -z "$found" ] || [ "$found" = None ]; then
  aws s3api create-bucket --bucket ${bucket}${where} >/dev/null
  echo "made the bucket ${bucket}" >&2
fi
aws s3api put-public-access-block --bucket ${bucket} --public-access-block-configuration \\
  BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
aws s3api put-bucket-ownership-controls --bucket ${bucket} --ownership-controls \\
  'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'
# A state that was written wrong, or removed, can be had back.
aws s3api put-bucket-versioning --bucket ${bucket} --versioning-configuration Status=Enabled
aws s3api put-bucket-lifecycle-configuration --bucket ${bucket} --lifecycle-configuration \\
  '${JSON.stringify(lifecycle)}'
aws s3api put-bucket-encryption --bucket ${bucket} --server-side-encryption-configuration \\
  '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"'"$key"'"},"BucketKeyEnabled":true}]}'
aws s3api put-bucket-policy --bucket ${bucket} --policy \\
  '${JSON.stringify(tlsOnly(bucket, region))}'

cat >&2 <<'NEXT'

It is there. In every shell that works on stack "${stack}":
  export PULUMI_BACKEND_URL='${backendUrl(place)}'
Once, which writes secretsprovider and encryptedkey (no secrets) into Pulumi.${stack}.yaml; commit them:
  npx pulumi stack init ${stack} --secrets-provider '${secretsProvider(place)}'
NEXT
`;
};

const lifecycle = {
  Rules: [
    {
      ID: "old-states",
      Status: "Enabled",
      Filter: { Prefix: "" },
      NoncurrentVersionExpiration: { NoncurrentDays: KEPT_DAYS },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    },
  ],
};

/** Regions of China and GovCloud are partitions of their own (AWS General Reference, ARNs). */
function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

const tlsOnly = (bucket: string, region: string) => {
  const arn = `arn:${partitionOf(region)}:s3:::${bucket}`;
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
};
