import { mayBe, peek, shown } from "../../known.ts";
import type { ResourceRule } from "../../rule.ts";

/** A tag that can be moved is no version: what was tested under it is not what runs. */
export const ecrImmutableTags: ResourceRule = {
  name: "ecr-immutable-tags",
  description: "Tags of image repositories cannot be moved.",
  level: "mandatory",
  severity: "medium",
  mirrors: ["CKV_AWS_51"],
  checkResource: ({ type, props }) => {
    if (type !== "aws:ecr/repository:Repository") return [];
    const mutability = peek(props, "imageTagMutability");
    if (mayBe(mutability, "IMMUTABLE")) return [];
    return [
      {
        what: "lets tags be moved to another image",
        seen: `imageTagMutability is ${shown(mutability)}`,
        mend: 'set imageTagMutability to "IMMUTABLE"',
      },
    ];
  },
};
