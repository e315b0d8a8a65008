import { cisDocker, containerRule } from "./containerRule.ts";

/** The machine's processes, shared memory and users are no business of a container. */
export const hostNamespaces = containerRule({
  name: "container-host-namespaces",
  description: "A container shares no namespace of the machine; the network has a rule of its own.",
  severity: "high",
  mirrors: [cisDocker("5.16"), cisDocker("5.17"), cisDocker("5.31")],
  reads: [],
  judges: "all",
  check: ({ hostNamespaces: shared }) =>
    shared.length === 0
      ? []
      : [
          {
            what: "shares namespaces of the machine",
            seen: shared.map((it) => `${it} is "host"`).join(", "),
            mend: `take ${shared.join(" and ")} away`,
          },
        ],
});
