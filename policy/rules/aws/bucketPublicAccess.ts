import { isAttachedTo } from "../../attachedTo.ts";
import { peek, shown, UNKNOWN } from "../../known.ts";
import type { Finding, StackRule } from "../../rule.ts";
import { BUCKET_TYPES, PUBLIC_ACCESS_BLOCK } from "./bucketTypes.ts";

const SWITCHES = [
  "blockPublicAcls",
  "blockPublicPolicy",
  "ignorePublicAcls",
  "restrictPublicBuckets",
] as const;

/** With all four no policy and no ACL makes anything public, whoever writes it later. */
export const bucketPublicAccess: StackRule = {
  name: "bucket-public-access",
  description: "Every bucket blocks public access in all four ways.",
  level: "mandatory",
  severity: "critical",
  mirrors: ["CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "CKV2_AWS_6"],
  checkStack: (resources) => {
    const blocks = resources.filter(({ type }) => type === PUBLIC_ACCESS_BLOCK);
    const open = blocks.flatMap((resource) =>
      SWITCHES.flatMap((key): readonly Finding[] => {
        const value = peek(resource.props, key);
        if (value === true || value === UNKNOWN) return [];
        return [
          {
            resource,
            what: "leaves a way to public access open",
            seen: `${key} is ${shown(value)}`,
            mend: `set ${key} to true`,
          },
        ];
      }),
    );
    const bare = resources
      .filter(({ type }) => BUCKET_TYPES.has(type))
      .filter((it) => !blocks.some((block) => isAttachedTo(block, "bucket", it, "bucket")))
      .map((resource) => ({
        resource,
        what: "does not block public access",
        seen: "no aws.s3.BucketPublicAccessBlock has this bucket",
        mend: `declare one with ${SWITCHES.join(", ")}`,
      }));
    return [...open, ...bare];
  },
};
