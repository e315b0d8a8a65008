import { turnRule } from "./turnRule.ts";

/** From 1.13.10 on LiveKit drops, and says nothing, what one relay sends to another outside the media ports. */
export const relayInsideMedia = turnRule({
  name: "turn-relay-inside-media",
  description:
    "LiveKit's relay ports lie inside its media ports, so that two relays of a node meet.",
  severity: "high",
  judges: "turn",
  check(server) {
    if (server.engine !== "livekit") return [];
    const { mediaPorts: media, relayPorts: relay, relayInput } = server;
    if (media && media.from <= relay.from && relay.to <= media.to) return [];
    return [
      {
        what: "calls whose two sides are relayed lose every packet",
        seen: `${relayInput} is ${relay.from} to ${relay.to}, the media ports are ${media ? `${media.from} to ${media.to}` : "one port (rtc.udp_port)"}`,
        mend: "set rtc.port_range_start and rtc.port_range_end around the relay's range",
      },
    ];
  },
});
