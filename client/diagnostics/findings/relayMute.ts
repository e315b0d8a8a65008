/** A relay that is reached and gives no address. */
import { isStun, transportOf } from "../urlState.ts";
import type { Finding } from "./finding.ts";
import { hostOf, passes, type Server, tried } from "./server.ts";

/**
 * Relays that the network cannot be blamed for: over UDP another URL of the very same address passes.
 * With them go those of the host over TLS that failed without a reason.
 */
export function withoutAddress(all: readonly Server[]): Server[] {
  const failed = tried(all).filter((it) => !isStun(it.url) && !passes(it));
  const open = all.filter((it) => transportOf(it.url) === "udp" && passes(it)).map(({ at }) => at);
  const overUdp = failed.filter((it) => transportOf(it.url) === "udp" && open.includes(it.at));
  const hosts = overUdp.map(({ at }) => hostOf(at));
  const overTls = failed.filter(
    (it) =>
      transportOf(it.url) === "tls" &&
      it.state === "broken" &&
      !it.hasReason &&
      hosts.includes(hostOf(it.at)),
  );
  return [...overUdp, ...overTls];
}

export const noAddress = (them: string): Finding => ({
  id: "relay-mute",
  level: "warning",
  title: "The relay gives no address",
  text: `UDP reaches the server, but the relay at ${them} did not answer with an address. The network is most likely not at fault: a limit may be used up, or the credential refused.`,
  mend: "Close other calls, wait ten minutes and try again; then tell whoever runs the server.",
});
