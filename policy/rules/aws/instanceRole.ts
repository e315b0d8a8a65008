import { isGiven } from "../../known.ts";
import type { ResourceRule } from "../../rule.ts";
import { INSTANCE_TYPES } from "./instanceTypes.ts";

/** With a role no access key has to be put on the instance, and Session Manager reaches it. */
export const instanceRole: ResourceRule = {
  name: "instance-role",
  description: "Instances have a role.",
  level: "mandatory",
  severity: "medium",
  mirrors: ["CKV2_AWS_41"],
  checkResource: ({ type, props }) =>
    INSTANCE_TYPES.has(type) && !isGiven(props, "iamInstanceProfile")
      ? [
          {
            what: "has no role",
            seen: "iamInstanceProfile is not set",
            mend: "set iamInstanceProfile to an instance profile with what the instance needs",
          },
        ]
      : [],
};
