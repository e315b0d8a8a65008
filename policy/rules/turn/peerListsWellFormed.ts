import { turnRule } from "./turnRule.ts";

const isMap = (config: unknown): boolean =>
  typeof config === "object" && config !== null && !Array.isArray(config);

/** LiveKit before 1.13.6 passes over an entry it cannot read and denies nothing for it; others do not start. */
export const peerListsWellFormed = turnRule({
  name: "turn-peer-lists-well-formed",
  description:
    "The server can read its configuration, and every peer that it is to deny or to allow.",
  severity: "high",
  judges: "every server",
  check(server) {
    const { engine, denied, allowed } = server;
    if (engine === "livekit" && !isMap(server.config))
      return [
        {
          what: "LiveKit cannot read its configuration",
          seen: "no YAML map",
          mend: "write a map of LiveKit's keys",
        },
      ];
    const form =
      engine === "livekit" ? "CIDR notation, such as 10.0.0.0/8" : "one address, or first-last";
    return [denied, allowed]
      .filter(({ malformed }) => malformed.length > 0)
      .map(({ input, malformed }) => ({
        what: "the server cannot read peers that it is to judge",
        seen: `${input} holds ${malformed.map((it) => JSON.stringify(it)).join(", ")}`,
        mend: `write each as ${form}`,
      }));
  },
});
