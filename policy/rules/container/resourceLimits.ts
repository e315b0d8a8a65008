import { shown } from "../../known.ts";
import { cisDocker, containerRule } from "./containerRule.ts";

/** A flood of requests to one service then starves neither the others nor the machine. */
export const resourceLimits = containerRule({
  name: "container-limits",
  description:
    "A container has a limit of memory, of memory with swap the same, and of processor time.",
  severity: "medium",
  mirrors: [cisDocker("5.11"), cisDocker("5.12")],
  reads: ["memory", "memorySwap", "cpus"],
  judges: "running",
  check({ memoryMib, memorySwapMib, cpus, inputs, part }) {
    const limited = typeof memoryMib === "number" && memoryMib > 0;
    // A document leaves swap to the agent, which gives none.
    const swaps = limited && part === undefined && memorySwapMib !== memoryMib;
    return [
      ...(limited
        ? []
        : [
            {
              what: "may take all memory",
              seen: `${inputs.memory} is ${shown(memoryMib)}`,
              mend: `set ${inputs.memory} in MiB`,
            },
          ]),
      ...(swaps
        ? [
            {
              what: "may swap beyond its memory",
              seen: `${inputs.memorySwap} is ${shown(memorySwapMib)}, ${inputs.memory} is ${shown(memoryMib)}`,
              mend: `set ${inputs.memorySwap} to the same as ${inputs.memory}`,
            },
          ]
        : []),
      ...(typeof cpus === "number" && cpus > 0
        ? []
        : [
            {
              what: "may take all processors",
              seen: `${inputs.cpus} is ${shown(cpus)}`,
              mend: `set ${inputs.cpus}, such as "1.0"`,
            },
          ]),
    ];
  },
});
