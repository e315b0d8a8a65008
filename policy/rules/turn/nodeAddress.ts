import { isOn } from "../../subjects/livekitServers.ts";
import { runnersOf } from "../../subjects/turnServers.ts";
import { turnStackRule } from "./turnRule.ts";

/** LiveKit asks a STUN server of a third party at every start, takes its answer before `node_ip`, and ends without one. */
export const nodeAddress = turnStackRule({
  name: "turn-node-address",
  description: "A server that is told its address does not ask a third party for it.",
  severity: "medium",
  judges: "every server",
  check(server, resources) {
    if (server.engine !== "livekit" || !isOn(server.setting("rtc", "use_external_ip"))) return [];
    const told =
      server.setting("rtc", "node_ip") !== undefined ||
      [server.container, ...runnersOf(server, resources)].some(
        ({ environment, command }) =>
          environment["NODE_IP"] !== undefined || command.some((it) => it.startsWith("--node-ip")),
      );
    return told
      ? [
          {
            what: "a look-up by STUN beats the address that LiveKit is told",
            seen: "rtc.use_external_ip is true, and node_ip or NODE_IP is set",
            mend: "set rtc.use_external_ip to false",
          },
        ]
      : [];
  },
});
