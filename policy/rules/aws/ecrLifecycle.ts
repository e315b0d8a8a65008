import { isAttachedTo } from "../../attachedTo.ts";
import type { StackRule } from "../../rule.ts";

/** Every deployment of an image adds one; without an end they are kept, and paid for, all. */
export const ecrLifecycle: StackRule = {
  name: "ecr-lifecycle",
  description: "Image repositories let go of old images.",
  level: "mandatory",
  severity: "low",
  mirrors: [],
  checkStack: (resources) => {
    const policies = resources.filter(
      ({ type }) => type === "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    );
    return resources
      .filter(({ type }) => type === "aws:ecr/repository:Repository")
      .filter((it) => !policies.some((policy) => isAttachedTo(policy, "repository", it, "name")))
      .map((resource) => ({
        resource,
        what: "keeps every image for ever",
        seen: "no aws.ecr.LifecyclePolicy has this repository",
        mend: "declare one that expires untagged and old images",
      }));
  },
};
