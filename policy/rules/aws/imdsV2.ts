import { mayBe, peekAt, shown } from "../../known.ts";
import type { ResourceRule } from "../../rule.ts";
import { INSTANCE_TYPES } from "./instanceTypes.ts";

/** IMDSv1 answers a plain GET, so that a server which can be made to fetch a URL hands out the role's credentials. */
export const imdsV2: ResourceRule = {
  name: "imds-v2",
  description: "Instances answer metadata requests only with a session token (IMDSv2).",
  level: "mandatory",
  severity: "high",
  mirrors: ["CKV_AWS_79", "AVD-AWS-0028", "CT.EC2.PR.1"],
  checkResource: ({ type, props }) => {
    if (!INSTANCE_TYPES.has(type)) return [];
    if (peekAt(props, "metadataOptions", "httpEndpoint") === "disabled") return [];
    const tokens = peekAt(props, "metadataOptions", "httpTokens");
    if (mayBe(tokens, "required")) return [];
    return [
      {
        what: "answers metadata requests without a session token",
        seen: `metadataOptions.httpTokens is ${shown(tokens)}`,
        mend: 'set metadataOptions.httpTokens to "required"',
      },
    ];
  },
};
