import { isAttachedTo } from "../../attachedTo.ts";
import { type Statement, statementsOf } from "../../iamStatements.ts";
import { peek, UNKNOWN } from "../../known.ts";
import type { StackRule } from "../../rule.ts";
import { BUCKET_POLICY, BUCKET_TYPES } from "./bucketTypes.ts";

/** S3 answers plain HTTP as well, unless the bucket's policy says no. */
export const bucketTlsOnly: StackRule = {
  name: "bucket-tls-only",
  description: "Every bucket refuses requests without TLS.",
  level: "mandatory",
  severity: "medium",
  mirrors: ["CKV_AWS_379"],
  checkStack: (resources) => {
    const policies = resources.filter(({ type, props }) => {
      if (type !== BUCKET_POLICY) return false;
      const policy = peek(props, "policy");
      return policy === UNKNOWN || (statementsOf(policy) ?? []).some(refusesPlain);
    });
    return resources
      .filter(({ type }) => BUCKET_TYPES.has(type))
      .filter((it) => !policies.some((its) => isAttachedTo(its, "bucket", it, "bucket")))
      .map((resource) => ({
        resource,
        what: "answers requests without TLS",
        seen: "no aws.s3.BucketPolicy of this bucket refuses them",
        mend: 'deny s3:* to everybody where "aws:SecureTransport" is "false"',
      }));
  },
};

const refusesPlain = ({ allows, actions, principals, conditions }: Statement) =>
  !allows &&
  actions.includes("s3:*") &&
  principals.some(([, who]) => who === "*") &&
  conditions.every(
    ([operator, key, value]) =>
      operator === "Bool" && key.toLowerCase() === "aws:securetransport" && value === "false",
  );
