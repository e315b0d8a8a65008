import { describePath } from "../../pages/describePath.ts";
import type { Attempt, Measured, RoomProof } from "../measured.ts";
import { describeMs } from "../numbers.ts";
import type { Finding } from "./finding.ts";

/** The stage of a room that failed before LiveKit said anything. */
export const SIGNALLING = "signalling";

/** Whether LiveKit rooms are reached, over the relay and without it. */
export function rooms({ rooms: { relay, any } }: Measured): Finding[] {
  const failed = [relay, any].find((it) => it.state === "failed");
  if (failed?.stage === "asking to be let in")
    return [
      {
        id: "room-refused",
        level: "bad",
        title: "LiveKit lets nobody in",
        text: `LiveKit answered and refused the token: ${failed.why}. The network is not at fault.`,
        mend: "Tell whoever runs the server: the clocks of API and LiveKit differ, or their keys do.",
      },
    ];
  if (failed?.stage === SIGNALLING)
    return [
      {
        id: "signalling-blocked",
        level: "bad",
        title: "Signalling is blocked",
        text: `The page was loaded, but the WebSocket to LiveKit failed: ${failed.why}. Proxies and virus scanners that know only plain web pages do that, and so does a LiveKit that is down.`,
        mend: "Ask whoever runs the server whether LiveKit is up; if it is, ask whoever runs the network to let WebSockets (wss) through to this server.",
      },
    ];
  return [...relayedRoom(relay), ...anyRoom(any)];
}

function relayedRoom(room: Attempt<RoomProof>): Finding[] {
  if (room.state === "skipped") return [];
  if (room.state === "failed")
    return [
      {
        id: "room-relay-failed",
        level: "bad",
        title: "A LiveKit room is not reached through the relay",
        text: `Signalling works, but ${room.stage} failed: ${room.why}.`,
        mend: "LiveKit names its own relay, on 443/udp and TLS on 443/tcp: what is said of these ports here applies.",
      },
    ];
  const over = room.result.path ? `, ${describePath(room.result.path)}` : "";
  return [
    {
      id: "room-relayed",
      level: "good",
      title: "A LiveKit room works through the relay",
      text: `It took ${describeMs(room.result.connectedMs)} to join and ${room.result.frames} pictures went out${over}.`,
    },
  ];
}

function anyRoom(room: Attempt<RoomProof>): Finding[] {
  if (room.state === "skipped") return [];
  if (room.state === "failed")
    return [
      {
        id: "room-failed",
        level: "bad",
        title: "A LiveKit room is not reached",
        text: `Signalling works, but ${room.stage} failed: ${room.why}.`,
        mend: "See what else is said here; try another network, such as a phone's.",
      },
    ];
  const over = directOver(room);
  return over === undefined
    ? [
        {
          id: "direct-blocked",
          level: "note",
          title: "Nothing but the relay gets through",
          text: "With every path allowed a LiveKit room was still reached over the relay. That is what the relay is for.",
        },
      ]
    : [
        {
          id: "direct-open",
          level: "good",
          title: "LiveKit is reached directly",
          text: `With every path allowed a room is reached over ${over}, without the relay.`,
        },
      ];
}

/** How a room is reached without the relay; undefined when it is not. */
export function directOver(room: Attempt<RoomProof>): string | undefined {
  const path = room.state === "done" ? room.result.path : undefined;
  return path && path.local.kind !== "relay" ? path.local.protocol : undefined;
}
