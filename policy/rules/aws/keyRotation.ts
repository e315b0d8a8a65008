import { peek, shown, UNKNOWN } from "../../known.ts";
import type { ResourceRule } from "../../rule.ts";

/** KMS keeps the old material for what it has encrypted, so that rotating costs nothing. Only symmetric keys can be rotated by AWS. */
export const keyRotation: ResourceRule = {
  name: "key-rotation",
  description: "KMS keys are rotated every year by AWS.",
  level: "mandatory",
  severity: "medium",
  mirrors: ["CKV_AWS_7", "cmk-backing-key-rotation-enabled"],
  checkResource: ({ type, props }) => {
    if (type !== "aws:kms/key:Key") return [];
    const spec = peek(props, "customerMasterKeySpec") ?? "SYMMETRIC_DEFAULT";
    if (spec !== "SYMMETRIC_DEFAULT" && spec !== UNKNOWN) return [];
    const rotates = peek(props, "enableKeyRotation");
    if (rotates === true) return [];
    return [
      {
        what: "is never rotated",
        seen: `enableKeyRotation is ${shown(rotates)}`,
        mend: "set enableKeyRotation to true",
      },
    ];
  },
};
