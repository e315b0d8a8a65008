import { shown } from "../../known.ts";
import { cisDocker, containerRule } from "./containerRule.ts";

const isRoot = (user: string): boolean => /^(?:0+|root)(?::|$)/.test(user);

/** An image may run as root unless the container says otherwise: LiveKit's does. */
export const containerUser = containerRule({
  name: "container-user",
  description: "A container runs as a user that is named and is not root.",
  severity: "high",
  mirrors: [cisDocker("4.1"), "CKV_DOCKER_8", "CKV_DOCKER_3", "AVD-DS-0002"],
  reads: ["user"],
  judges: "running",
  check: ({ user, inputs }) =>
    typeof user === "string" && !isRoot(user)
      ? []
      : [
          {
            what: user === undefined ? "leaves its user to the image" : "runs as root",
            seen: `${inputs.user} is ${shown(user)}`,
            mend: `set ${inputs.user} to a uid that owns nothing, such as "65532:65532"`,
          },
        ],
});
