import { textsOf } from "../../known.ts";
import { coturnFlag, coturnValue } from "../../subjects/coturnOptions.ts";
import type { CoturnServer, LivekitServer } from "../../subjects/turnServer.ts";
import { known, textAt } from "../../subjects/seen.ts";
import { runnersOf } from "../../subjects/turnServers.ts";
import { turnStackRule } from "./turnRule.ts";

const isLoopback = (address: string): boolean => address.startsWith("127.") || address === "::1";

/** LiveKit opens its metrics where it opens signalling, on every interface unless told. */
function livekitMetrics({ setting, config }: LivekitServer): string | undefined {
  const port = setting("prometheus", "port") ?? known(textAt(config, "prometheus_port"));
  const login = setting("prometheus", "username") && setting("prometheus", "password");
  const bound = textsOf(config, "bind_addresses");
  if (port === undefined || login || (bound.length > 0 && bound.every(isLoopback)))
    return undefined;
  return `prometheus.port is ${port} without username and password, bind_addresses is ${bound.length === 0 ? "not set" : bound.join(", ")}`;
}

function coturnMetrics({ options }: CoturnServer): string | undefined {
  const address = coturnValue(options, "prometheus-address");
  if (!coturnFlag(options, "prometheus") || (address && isLoopback(address))) return undefined;
  return `prometheus is on, prometheus-address is ${address ?? "not set"}`;
}

/** In a network of its own publishing decides, which has a rule of its own. */
export const metricsClosed = turnStackRule({
  name: "turn-metrics-closed",
  description: "On the machine's network a server's metrics have a login, or are on loopback.",
  severity: "medium",
  judges: "every server",
  check(server, resources) {
    const onHost = runnersOf(server, resources).some((it) => it.network === "host");
    const seen = server.engine === "livekit" ? livekitMetrics(server) : coturnMetrics(server);
    return onHost && seen !== undefined
      ? [
          {
            what: "shows its metrics to the network",
            seen,
            mend: "open them on loopback, or set a login",
          },
        ]
      : [];
  },
});
