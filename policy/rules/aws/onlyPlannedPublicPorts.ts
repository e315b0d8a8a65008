import * as z from "zod";
import { PortsText, portsOf, withoutSpans } from "../../ports.ts";
import { openingText, protocolText, publicOpenings } from "../../publicOpenings.ts";
import type { Finding, StackRule } from "../../rule.ts";

const config = z.strictObject({
  publicPorts: z
    .array(PortsText)
    .default(["80/tcp", "443/tcp", "443/udp", "5349/tcp", "7881/tcp", "50000-60000/udp"])
    .describe("What the public may reach; by default the ports of a LiveKit node with TURN"),
});

/** A port that nobody planned is a service that nobody watches. */
export const onlyPlannedPublicPorts: StackRule<z.infer<typeof config>> = {
  name: "only-planned-public-ports",
  description: "The public reaches the planned ports and no other.",
  level: "mandatory",
  severity: "high",
  mirrors: ["CKV_AWS_260", "CKV_AWS_277", "CT.EC2.PR.3"],
  config,
  checkStack: (resources, { publicPorts }) => {
    const planned = publicPorts.map(portsOf);
    return publicOpenings(resources, "ingress").flatMap((opening): readonly Finding[] => {
      const allowed = planned.filter(({ protocol }) => protocol === opening.protocol);
      const beyond = withoutSpans(opening.ports, allowed);
      if (beyond.length === 0) return [];
      return [
        {
          resource: opening.of[0].resource,
          what:
            opening.protocol === "all"
              ? "opens every protocol and port to the public"
              : `opens ${protocolText(opening.protocol, beyond)} to the public, which is not planned`,
          seen: openingText(opening),
          mend: `open only what is planned (${publicPorts.join(", ")}), or add it to publicPorts`,
        },
      ];
    });
  },
};
