import { cisDocker, containerRule } from "./containerRule.ts";

/** Ports below 1024 need it; nothing else that runs here needs any. */
const ALLOWED = "NET_BIND_SERVICE";

const bare = (capability: string): string => capability.toUpperCase().replace(/^CAP_/, "");

/** Docker leaves a container 14 of root's capabilities, which no service here has a use for. */
export const capabilities = containerRule({
  name: "container-capabilities",
  description: `A container drops every Linux capability and adds none but ${ALLOWED}.`,
  severity: "high",
  mirrors: [cisDocker("5.4")],
  reads: ["capabilities"],
  judges: "running",
  check({ capabilities: { drops, adds }, inputs }) {
    const added = adds.filter((it) => bare(it) !== ALLOWED);
    return [
      ...(drops.map(bare).includes("ALL")
        ? []
        : [
            {
              what: "keeps the capabilities that Docker leaves",
              seen: `${inputs.capabilities}.drops is ${JSON.stringify(drops)}`,
              mend: `set ${inputs.capabilities}.drops to ["ALL"]`,
            },
          ]),
      ...(added.length === 0
        ? []
        : [
            {
              what: "has capabilities it does not need",
              seen: `${inputs.capabilities} adds ${added.join(", ")}`,
              mend: `add none but ${ALLOWED}`,
            },
          ]),
    ];
  },
});
