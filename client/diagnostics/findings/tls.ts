import type { Measured } from "../measured.ts";
import { isStun, transportOf } from "../urlState.ts";
import type { Finding } from "./finding.ts";
import { list, originAuthority, passes, type Server, some, tried } from "./server.ts";

/** Whether TURN over TLS gets through, and what is in its way. */
export function tls(all: readonly Server[], { https }: Measured): Finding[] {
  const servers = tried(all.filter(({ url }) => !isStun(url) && transportOf(url) === "tls"));
  const open = servers.filter(passes);
  const shut = servers.filter((it) => !passes(it));
  const web = (at: string, answered: boolean) =>
    https.some((it) => originAuthority(it.origin) === at && it.answered === answered);
  const inspected = shut.filter(({ at }) => web(at, true));
  const others = shut.filter(({ at }) => !web(at, true));
  const broken = others.filter(({ state }) => state === "broken");
  const silent = others.filter(({ state }) => state !== "broken");
  // What another port does as well is no loss.
  const level = open.length > 0 ? "note" : "warning";
  const spare = open.length > 0 ? ` ${list(open)} does the same and works.` : "";
  return [
    ...some(open, (them) => ({
      id: "tls-open",
      level: "good",
      title: "TURN over TLS gets through",
      text: `${them} answered: calls go on where a network lets nothing but HTTPS out.`,
    })),
    ...some(inspected, (them) => ({
      id: "tls-intercepted",
      level: "warning",
      title: "TLS is intercepted",
      text: `Web pages come from ${them}, but TURN over TLS to the same port is broken off: most likely something on the way opens encrypted connections and passes only web traffic on. An inspecting proxy, a firewall or a virus scanner does that.`,
      mend: `Ask whoever runs the network to exempt ${them} from TLS inspection.`,
    })),
    ...some(broken, (them) => ({
      id: "tls-refused",
      level,
      title: "TURN over TLS is refused, or its certificate is not trusted",
      text: `The connection to ${them} was broken off at once: the port is closed to this network, or TLS is intercepted there, or the certificate shown is one that this browser does not trust; browsers do not tell which.${spare}`,
      mend: `Open https://${them.split(", ")[0]}/ in a new tab: a warning of its certificate means interception, or a development server whose CA is not installed here (docs/lan.md). Without one, ask whoever runs the network to allow TCP to ${them}.`,
    })),
    ...some(silent, (them) => ({
      id: "tls-blocked",
      level,
      title: "A port of TURN over TLS is blocked",
      text: `Nothing came back from ${them} over TCP.${spare}`,
      mend: `Ask whoever runs the network to allow TCP to ${them}.`,
    })),
  ];
}
