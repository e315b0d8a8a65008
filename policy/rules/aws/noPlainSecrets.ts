import type { Finding, ResourceRule } from "../../rule.ts";
import { secretsIn } from "../../secretText.ts";

/** Texts of a resource that anybody reads who may read the resource. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  "aws:ssm/parameter:Parameter": ["value", "insecureValue"],
  "aws:s3/bucketObject:BucketObject": ["content", "contentBase64"],
  "aws:s3/bucketObjectv2:BucketObjectv2": ["content", "contentBase64"],
};

/** Plain parameters and objects are shown by consoles and kept in every copy of the state. */
export const noPlainSecrets: ResourceRule = {
  name: "no-plain-secrets",
  description: "Plain parameters and objects hold no secret.",
  level: "mandatory",
  severity: "high",
  mirrors: ["CKV2_AWS_34"],
  checkResource: ({ type, props }) => {
    const keys = TEXTS[type];
    if (keys === undefined || props["type"] === "SecureString") return [];
    return keys.flatMap((key): readonly Finding[] => {
      const text = props[key];
      if (typeof text !== "string") return [];
      return secretsIn(text).map((kind) => ({
        what: "holds a secret in plain text",
        seen: `${key} holds ${kind}`,
        mend: "put it into a SecureString of SSM Parameter Store",
      }));
    });
  },
};
