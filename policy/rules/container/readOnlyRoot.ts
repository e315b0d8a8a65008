import { shown } from "../../known.ts";

import { cisDocker, containerRule } from "./containerRule.ts";

/** Whoever takes a process over can then leave nothing in the container for the next start. */
export const readOnlyRoot = containerRule({
  name: "container-read-only-root",
  description: "A container cannot write to its own root file system.",
  severity: "medium",
  mirrors: [cisDocker("5.13")],
  reads: ["readOnly"],
  judges: "running",
  check: ({ readOnly, inputs }) =>
    readOnly === true
      ? []
      : [
          {
            what: "may write to its root file system",
            seen: `${inputs.readOnly} is ${shown(readOnly)}`,
            mend: `set ${inputs.readOnly} to true, and give folders that are written a volume or a tmpfs`,
          },
        ],
});
