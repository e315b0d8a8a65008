import type { ResourceRule } from "../../rule.ts";

/** The key's secret lies in the state, and works from anywhere until somebody takes it away. */
export const noAccessKeys: ResourceRule = {
  name: "no-access-keys",
  description: "The program makes no access key of a user.",
  level: "mandatory",
  severity: "high",
  mirrors: ["CKV_AWS_273"],
  checkResource: ({ type }) =>
    type === "aws:iam/accessKey:AccessKey"
      ? [
          {
            what: "is an access key that does not expire",
            seen: `its type is ${type}`,
            mend: "use a role: of the instance, or by OpenID Connect from outside",
          },
        ]
      : [],
};
