import { mayBe, peek, shown, UNKNOWN } from "../../known.ts";
import type { ResourceRule } from "../../rule.ts";

/** AWS's own period (EnableKeyRotation, AWS KMS API reference; up to 2560 may be set). */
const A_YEAR = 365;

/** KMS keeps the old material for what it has encrypted, so that rotating costs nothing. Only symmetric keys can be rotated by AWS. */
export const keyRotation: ResourceRule = {
  name: "key-rotation",
  description: "KMS keys are rotated by AWS, every year or more often.",
  level: "mandatory",
  severity: "medium",
  mirrors: ["CKV_AWS_7", "cmk-backing-key-rotation-enabled"],
  checkResource: ({ type, props }) => {
    if (type !== "aws:kms/key:Key") return [];
    const spec = peek(props, "customerMasterKeySpec") ?? "SYMMETRIC_DEFAULT";
    if (spec !== "SYMMETRIC_DEFAULT" && spec !== UNKNOWN) return [];
    const rotates = peek(props, "enableKeyRotation");
    if (!mayBe(rotates, true))
      return [
        {
          what: "is never rotated",
          seen: `enableKeyRotation is ${shown(rotates)}`,
          mend: "set enableKeyRotation to true",
        },
      ];
    const days = peek(props, "rotationPeriodInDays");
    if (typeof days !== "number" || days <= A_YEAR) return [];
    return [
      {
        what: "is rotated less than once a year",
        seen: `rotationPeriodInDays is ${days}`,
        mend: `leave rotationPeriodInDays out, or set it to ${A_YEAR} at most`,
      },
    ];
  },
};
