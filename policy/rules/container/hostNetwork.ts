import { cisDocker, containerRule } from "./containerRule.ts";

/**
 * On the machine's own network a process opens any port and reaches everything on loopback. A TURN
 * relay has a reason for it: publishing a range costs two proxy processes a port. Say it in an exception.
 */
export const hostNetwork = containerRule({
  name: "container-host-network",
  description: "A container has a network of its own.",
  severity: "medium",
  mirrors: [cisDocker("5.10")],
  reads: ["network"],
  judges: "running",
  check: ({ network, inputs }) =>
    network === "host"
      ? [
          {
            what: "shares the network of the machine",
            seen: `${inputs.network} is "host"`,
            mend: "give it a network of its own and publish its ports, or name the reason in an exception",
          },
        ]
      : [],
});
