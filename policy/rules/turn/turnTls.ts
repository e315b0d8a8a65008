import { isIP } from "node:net";
import { coturnFlag, coturnValue } from "../../subjects/coturnOptions.ts";
import { isOn } from "../../subjects/livekitServers.ts";
import type { CoturnServer, LivekitServer } from "../../subjects/turnServer.ts";
import { turnRule } from "./turnRule.ts";

function livekitLacks({ setting }: LivekitServer): readonly string[] {
  const domain = setting("turn", "domain") ?? "";
  const ended =
    isOn(setting("turn", "external_tls")) ||
    (setting("turn", "cert_file") !== undefined && setting("turn", "key_file") !== undefined);
  return [
    ...(Number(setting("turn", "tls_port") ?? 0) > 0 ? [] : ["turn.tls_port is not set"]),
    ...(ended ? [] : ["neither turn.external_tls nor turn.cert_file and turn.key_file are set"]),
    // LiveKit does not start without (turn.go), and clients check the certificate against it.
    ...(domain.includes(".") || isIP(domain) !== 0
      ? []
      : [`turn.domain is ${JSON.stringify(domain)}`]),
  ];
}

const coturnLacks = ({ options }: CoturnServer): readonly string[] => [
  ...(coturnFlag(options, "no-tls") ? ["no-tls is on"] : []),
  ...(coturnValue(options, "cert") && coturnValue(options, "pkey")
    ? []
    : ["cert and pkey are not set"]),
  ...(coturnFlag(options, "tlsv1") ? ["tlsv1 lets TLS 1.0 in"] : []),
];

/** Where no UDP gets out, TURN over TLS is the only way to a call; names and addresses are then hidden as well. */
export const turnTls = turnRule({
  name: "turn-tls",
  description: "TURN is served over TLS, with a certificate and the name that it is for.",
  severity: "high",
  judges: "turn",
  check: (server) =>
    (server.engine === "livekit" ? livekitLacks(server) : coturnLacks(server)).map((seen) => ({
      what: "serves no TURN over TLS that clients accept",
      seen,
      mend:
        server.engine === "livekit"
          ? "set turn.domain and turn.tls_port, with external_tls or a certificate"
          : "set cert and pkey, without no-tls and tlsv1",
    })),
});
