import { mayBe, peekAt, shown } from "../../known.ts";
import type { ResourceRule } from "../../rule.ts";
import { INSTANCE_TYPES } from "./instanceTypes.ts";

/** With more than one hop the answer reaches containers on a bridge; without a value the AMI decides, and Amazon Linux 2023 says 2. */
export const imdsHopLimit: ResourceRule = {
  name: "imds-hop-limit",
  description: "Metadata answers do not leave the instance itself.",
  level: "mandatory",
  severity: "medium",
  mirrors: ["CKV_AWS_341", "CT.EC2.PR.2"],
  checkResource: ({ type, props }) => {
    if (!INSTANCE_TYPES.has(type)) return [];
    if (peekAt(props, "metadataOptions", "httpEndpoint") === "disabled") return [];
    const hops = peekAt(props, "metadataOptions", "httpPutResponseHopLimit");
    if (mayBe(hops, 1)) return [];
    return [
      {
        what: "lets metadata answers travel",
        seen: `metadataOptions.httpPutResponseHopLimit is ${shown(hops)}`,
        mend: "set metadataOptions.httpPutResponseHopLimit to 1",
      },
    ];
  },
};
