import { isAttachedTo } from "../../attachedTo.ts";
import type { StackRule } from "../../rule.ts";
import { BUCKET_ENCRYPTION_TYPES, BUCKET_TYPES } from "./bucketTypes.ts";

/** S3 encrypts anyhow, with a key that everybody who reads the object may use; which key it is, `customer-key` judges. */
export const bucketEncrypted: StackRule = {
  name: "bucket-encrypted",
  description: "Every bucket says what it is encrypted with.",
  level: "mandatory",
  severity: "medium",
  mirrors: ["CKV_AWS_145"],
  checkStack: (resources) => {
    const encryptions = resources.filter(({ type }) => BUCKET_ENCRYPTION_TYPES.has(type));
    return resources
      .filter(({ type }) => BUCKET_TYPES.has(type))
      .filter((it) => !encryptions.some((its) => isAttachedTo(its, "bucket", it, "bucket")))
      .map((resource) => ({
        resource,
        what: "does not say what it is encrypted with",
        seen: "no aws.s3.BucketServerSideEncryptionConfiguration has this bucket",
        mend: 'declare one with sseAlgorithm "aws:kms" and a key of your own',
      }));
  },
};
