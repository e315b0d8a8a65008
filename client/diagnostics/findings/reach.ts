import { isStun } from "../urlState.ts";
import type { Finding } from "./finding.ts";
import { list, type Server } from "./server.ts";

/** Whether there is a relay at all. */
export function reach(all: readonly Server[]): Finding[] {
  const relays = all.filter(({ url }) => !isStun(url));
  if (relays.length === 0)
    return [
      {
        id: "no-relay-offered",
        level: "warning",
        title: "The server offers no relay",
        text: "Calls that find no direct path fail. The network is not at fault.",
        mend: "Tell whoever runs the server that its ICE servers hold no turn: URL.",
      },
    ];
  if (relays.some(({ state }) => state === "works")) return [];
  return [
    {
      id: "no-relay",
      level: "bad",
      title: "No relay can be reached",
      text: `None of ${list(relays)} gave a relay address, so calls that find no direct path fail.`,
      mend: "See what else is said here; if nothing else helps, try another network, such as a phone's.",
    },
  ];
}
