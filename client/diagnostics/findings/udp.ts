import type { Measured } from "../measured.ts";
import { transportOf } from "../urlState.ts";
import type { Finding } from "./finding.ts";
import { directOver } from "./room.ts";
import { list, passes, type Server, some, tried } from "./server.ts";

/** Whether UDP gets through, to the servers or to LiveKit. */
export function udp(all: readonly Server[], { rooms: { any } }: Measured): Finding[] {
  const servers = tried(all.filter(({ url }) => transportOf(url) === "udp"));
  if (servers.length === 0) return [];
  const blocked = servers.filter((it) => !passes(it));
  const direct = directOver(any) === "udp";
  if (blocked.length === 0)
    return [
      {
        id: "udp-open",
        level: "good",
        title: "UDP gets through",
        text: `${list(servers)} answered over UDP, the fastest way for sound and pictures.`,
      },
    ];
  if (blocked.length < servers.length)
    return some(blocked, (them) => ({
      id: "udp-partly-blocked",
      level: "warning",
      title: "Some UDP does not get through",
      text: `Nothing came back from ${them} over UDP, but other servers answered.`,
      mend: `Ask whoever runs the network to allow UDP to ${them}.`,
    }));
  const ports = [...new Set(servers.map(({ at }) => `${at.slice(at.lastIndexOf(":") + 1)}/udp`))];
  const them = list(servers);
  return direct
    ? [
        {
          id: "udp-port-blocked",
          level: "warning",
          title: `${ports.join(" and ")} is blocked, other UDP is not`,
          text: `Nothing came back from ${them} over UDP, but a call reached LiveKit over UDP on another port. Calls with LiveKit are fine; those from browser to browser use TLS for their relay.`,
          mend: `Ask whoever runs the network to allow UDP to ${them}.`,
        },
      ]
    : [
        {
          id: "udp-blocked",
          level: "warning",
          title: "UDP is blocked",
          text: `Nothing came back over UDP, from ${them} or from LiveKit. Calls have to go by TCP or TLS, where one lost packet holds up all behind it: sound may break up on a poor line.`,
          mend: `Ask whoever runs the network to allow UDP to ${them}, or try without VPN or on another network.`,
        },
      ];
}
