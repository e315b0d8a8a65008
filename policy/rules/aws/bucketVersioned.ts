import { isAttachedTo } from "../../attachedTo.ts";
import { peekAt, UNKNOWN } from "../../known.ts";
import type { StackRule } from "../../rule.ts";
import { BUCKET_TYPES, BUCKET_VERSIONING_TYPES } from "./bucketTypes.ts";

/** What is overwritten or deleted by mistake can be brought back. */
export const bucketVersioned: StackRule = {
  name: "bucket-versioned",
  description: "Every bucket keeps the versions of its objects.",
  level: "mandatory",
  severity: "medium",
  mirrors: ["CKV_AWS_21"],
  checkStack: (resources) => {
    const enabled = resources.filter(({ type, props }) => {
      const status = peekAt(props, "versioningConfiguration", "status");
      return BUCKET_VERSIONING_TYPES.has(type) && (status === "Enabled" || status === UNKNOWN);
    });
    return resources
      .filter(
        ({ type, props }) =>
          BUCKET_TYPES.has(type) && peekAt(props, "versioning", "enabled") !== true,
      )
      .filter((it) => !enabled.some((its) => isAttachedTo(its, "bucket", it, "bucket")))
      .map((resource) => ({
        resource,
        what: "does not keep versions",
        seen: "no aws.s3.BucketVersioning with the status Enabled has this bucket",
        mend: 'declare one with versioningConfiguration.status "Enabled"',
      }));
  },
};
