import { isAttachedTo } from "../../attachedTo.ts";
import { peekAt, UNKNOWN } from "../../known.ts";
import type { StackRule } from "../../rule.ts";
import { BUCKET_TYPES, OWNERSHIP_CONTROLS } from "./bucketTypes.ts";

/** Without ACLs the bucket's policy alone says who may do what. */
export const bucketOwnerEnforced: StackRule = {
  name: "bucket-owner-enforced",
  description: "Every bucket has its access lists turned off.",
  level: "mandatory",
  severity: "medium",
  mirrors: ["CKV2_AWS_65"],
  checkStack: (resources) => {
    const enforced = resources.filter(({ type, props }) => {
      const ownership = peekAt(props, "rule", "objectOwnership");
      return (
        type === OWNERSHIP_CONTROLS &&
        (ownership === "BucketOwnerEnforced" || ownership === UNKNOWN)
      );
    });
    return resources
      .filter(({ type }) => BUCKET_TYPES.has(type))
      .filter((it) => !enforced.some((its) => isAttachedTo(its, "bucket", it, "bucket")))
      .map((resource) => ({
        resource,
        what: "may be opened by access lists",
        seen: "no aws.s3.BucketOwnershipControls with BucketOwnerEnforced has this bucket",
        mend: 'declare one with rule.objectOwnership "BucketOwnerEnforced"',
      }));
  },
};
