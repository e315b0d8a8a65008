import { mayBe, peek, shown } from "../../known.ts";
import type { ResourceRule } from "../../rule.ts";
import { INSTANCE_TYPES } from "./instanceTypes.ts";

/** Disk traffic on a path of its own does not hold up media; the types of today have it always, and may say so. */
export const ebsOptimized: ResourceRule = {
  name: "ebs-optimized",
  description: "Instances keep disk traffic apart from network traffic.",
  level: "mandatory",
  severity: "low",
  mirrors: ["CKV_AWS_135"],
  checkResource: ({ type, props }) => {
    if (!INSTANCE_TYPES.has(type)) return [];
    const value = peek(props, "ebsOptimized");
    if (mayBe(value, true, "true")) return [];
    return [
      {
        what: "may share the path of its disk with its network",
        seen: `ebsOptimized is ${shown(value)}`,
        mend: "set ebsOptimized to true",
      },
    ];
  },
};
