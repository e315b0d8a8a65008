import type { ResourceRule } from "../../rule.ts";
import { secretsIn } from "../../secretText.ts";
import { INSTANCE_TYPES } from "./instanceTypes.ts";
import { userDataOf } from "./userData.ts";

/** Every process of the instance can read its user data, and so can everybody who may describe the instance. */
export const noSecretsInUserData: ResourceRule = {
  name: "no-secrets-in-user-data",
  description: "User data holds no secret, also not packed in base64 or gzip.",
  level: "mandatory",
  severity: "critical",
  mirrors: ["CKV_AWS_46"],
  checkResource: ({ type, props }) =>
    INSTANCE_TYPES.has(type)
      ? userDataOf(props).flatMap(([key, text]) =>
          secretsIn(text).map((kind) => ({
            what: "has a secret in its user data",
            seen: `${key} holds ${kind}`,
            mend: "let the instance read it from SSM Parameter Store with its role",
          })),
        )
      : [],
};
