import { shown } from "../../known.ts";
import { containerRule } from "./containerRule.ts";

/** Docker's default keeps one file without end; drivers that send logs away keep none here. */
export const logRotation = containerRule({
  name: "container-log-rotation",
  description: "A container's log cannot fill the disk, and is kept.",
  severity: "medium",
  mirrors: [],
  reads: ["logs"],
  judges: "running",
  check({ logs: { driver, maxSize, maxFiles }, inputs }) {
    if (driver === "none")
      return [
        {
          what: "keeps no log",
          seen: 'logDriver is "none"',
          mend: 'set logDriver to "json-file" with max-size and max-file',
        },
      ];
    const unbounded =
      (driver === undefined || driver === "json-file") &&
      (maxSize === undefined || maxSize === "-1" || maxFiles === undefined);
    return unbounded
      ? [
          {
            what: "may fill the disk with its log",
            seen: `logDriver is ${shown(driver)}, ${inputs.logs}: max-size is ${shown(maxSize)}, max-file is ${shown(maxFiles)}`,
            mend: `set logDriver to "json-file", and max-size and max-file in ${inputs.logs}`,
          },
        ]
      : [];
  },
});
