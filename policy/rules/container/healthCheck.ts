import { cisDocker, containerRule } from "./containerRule.ts";

/** LiveKit ends with status 0 when it cannot start, so an exit code tells nobody. */
export const healthCheck = containerRule({
  name: "container-health-check",
  description: "A container has a health check.",
  severity: "low",
  mirrors: [cisDocker("4.6"), cisDocker("5.27"), "CKV_DOCKER_2", "AVD-DS-0026"],
  reads: ["healthCheck"],
  judges: "running",
  check: ({ healthCheck: tests, inputs }) =>
    tests !== undefined && tests[0] !== "NONE" && tests.length > 1
      ? []
      : [
          {
            what: "has no health check",
            seen: `${inputs.healthCheck} is ${tests === undefined ? "not set" : JSON.stringify(tests)}`,
            mend: `set ${inputs.healthCheck} to a command that ends with 0 when the service answers`,
          },
        ],
});
