import type { Finding } from "./finding.ts";
import { type Server, some } from "./server.ts";

/** What servers said themselves. */
export function answers(servers: readonly Server[]): Finding[] {
  const [refused, full, unknown] = (["refused", "full", "unknown"] as const).map((state) =>
    servers.filter((it) => it.state === state),
  );
  return [
    ...some(refused, (them) => ({
      id: "credential-refused",
      level: "bad",
      title: "The relay refuses the credential",
      text: `${them} answered and said no. The network is not at fault.`,
      mend: "Tell whoever runs the server: the clocks of API and relay differ, or their keys do.",
    })),
    ...some(full, (them) => ({
      id: "relay-full",
      level: "bad",
      title: "The relay has no room left",
      text: `${them} answered that the limit of this user, or of the server, is reached.`,
      mend: "Close other calls, wait ten minutes and try again; then tell whoever runs the server.",
    })),
    ...some(unknown, (them) => ({
      id: "name-unknown",
      level: "bad",
      title: "A server's name is not found",
      text: `This network's name service (DNS) does not know ${them}.`,
      mend: "Ask whoever runs the network to let the name be looked up, or try another DNS server.",
    })),
  ];
}
