import { cisDocker, containerRule } from "./containerRule.ts";

/** A privileged container has every capability and device of the machine; one that is not confined has every system call. */
export const notPrivileged = containerRule({
  name: "container-not-privileged",
  description: "No container is privileged, or let out of what the engine confines each by.",
  severity: "critical",
  mirrors: [cisDocker("5.5")],
  reads: ["privileged"],
  judges: "all",
  check: ({ privileged, unconfined, inputs }) => [
    ...(privileged === true
      ? [
          {
            what: "is privileged",
            seen: `${inputs.privileged} is true`,
            mend: `take ${inputs.privileged} away, and add the one capability that is needed`,
          },
        ]
      : []),
    ...unconfined.map((option) => ({
      what: "is not confined by the engine",
      seen: `securityOpts holds ${JSON.stringify(option)}`,
      mend: "take it away: the engine's own profile then holds",
    })),
  ],
});
