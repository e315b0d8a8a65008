import { isGiven, peek, shown } from "../../known.ts";
import type { ResourceRule } from "../../rule.ts";
import { INSTANCE_TYPES } from "./instanceTypes.ts";

/** An SSH key does not expire and leaves no record of who used it; Session Manager does both. */
export const noKeyPair: ResourceRule = {
  name: "no-key-pair",
  description: "Instances have no SSH key pair.",
  level: "mandatory",
  severity: "medium",
  mirrors: [],
  checkResource: ({ type, props }) =>
    INSTANCE_TYPES.has(type) && isGiven(props, "keyName")
      ? [
          {
            what: "has an SSH key pair",
            seen: `keyName is ${shown(peek(props, "keyName"))}`,
            mend: "leave keyName out, and use Session Manager",
          },
        ]
      : [],
};
