import { runnersOf } from "../../subjects/turnServers.ts";
import { programVersion } from "../../subjects/images.ts";
import { isOlder } from "../../subjects/imageReference.ts";
import { shown } from "../../known.ts";
import { turnStackRule } from "./turnRule.ts";

/** The first LiveKit that limits a user's relays; older ones do not start with the key. */
const FIRST_WITH_QUOTA = "1.13.6";

/** Without one, a single credential takes every relay port there is. */
export const allocationQuota = turnStackRule({
  name: "turn-allocation-quota",
  description: "One user holds a limited number of relays.",
  severity: "high",
  judges: "turn",
  check(server, resources) {
    const { engine, allocationsPerUser: quota, quotaInput, container } = server;
    if (quota !== undefined && Number.isInteger(quota) && quota > 0) return [];
    const version = [container, ...runnersOf(server, resources)]
      .map((it) => programVersion(it, resources))
      .find((it) => it !== undefined);
    const knowsNone = version === undefined || isOlder(version, FIRST_WITH_QUOTA);
    if (engine === "livekit" && quota === undefined && knowsNone) return [];
    return [
      {
        what: "one user may take every relay",
        seen: `${quotaInput} is ${shown(quota)}`,
        mend: `set ${quotaInput}, such as 12`,
      },
    ];
  },
});
