import { cisDocker, containerRule } from "./containerRule.ts";

/** A setuid file in an image then gives nobody more rights than the process had. */
export const noNewPrivileges = containerRule({
  name: "container-no-new-privileges",
  description: "A container's processes cannot gain rights they were not started with.",
  severity: "medium",
  mirrors: [cisDocker("5.26")],
  reads: ["noNewPrivileges"],
  judges: "running",
  check: ({ noNewPrivileges: held, inputs, part }) =>
    held
      ? []
      : [
          {
            what: "may gain rights it was not started with",
            seen: `${inputs.noNewPrivileges} does not hold no-new-privileges`,
            mend:
              part === undefined
                ? `add "no-new-privileges:true" to ${inputs.noNewPrivileges}`
                : `set ${inputs.noNewPrivileges} to true`,
          },
        ],
});
