import { cisDocker, containerRule } from "./containerRule.ts";

/** A privileged container has every capability and every device of the machine. */
export const notPrivileged = containerRule({
  name: "container-not-privileged",
  description: "No container is privileged.",
  severity: "critical",
  mirrors: [cisDocker("5.5")],
  reads: ["privileged"],
  judges: "all",
  check: ({ privileged, inputs }) =>
    privileged === true
      ? [
          {
            what: "is privileged",
            seen: `${inputs.privileged} is true`,
            mend: `take ${inputs.privileged} away, and add the one capability that is needed`,
          },
        ]
      : [],
});
