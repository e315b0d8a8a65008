import * as z from "zod";
import { shown } from "../../known.ts";
import { cisDocker, containerRule } from "./containerRule.ts";

const Config = z.strictObject({
  /** Most starts after failures, for `on-failure`. */
  mostRetries: z.int().min(1).default(5),
});

/**
 * `unless-stopped` is what a service needs that ends with status 0 on errors, as LiveKit does: `on-failure`
 * would leave it down. `always` also starts what was stopped by hand.
 */
export const restartPolicy = containerRule({
  name: "container-restart",
  description:
    "A container comes back by itself: unless stopped, or after a bounded number of failures.",
  severity: "low",
  mirrors: [cisDocker("5.15")],
  config: Config,
  reads: ["restart"],
  judges: "running",
  check({ restart, inputs }, { mostRetries }) {
    if (restart === "elsewhere" || restart.policy === "unless-stopped") return [];
    const { policy, retries } = restart;
    const bounded =
      policy === "on-failure" &&
      typeof retries === "number" &&
      retries >= 1 &&
      retries <= mostRetries;
    if (bounded) return [];
    return [
      {
        what:
          policy === undefined || policy === "no"
            ? "stays down when its process ends"
            : "is started again without bounds",
        seen: `${inputs.restart} is ${shown(policy)}${policy === "on-failure" ? `, maxRetryCount is ${shown(retries)}` : ""}`,
        mend: `set ${inputs.restart} to "unless-stopped", or to "on-failure" with maxRetryCount from 1 to ${mostRetries}`,
      },
    ];
  },
});
