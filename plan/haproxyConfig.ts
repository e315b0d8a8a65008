/**
 * Renders haproxy.cfg. The edge ends TLS: on the HTTPS port TURN and HTTP are told apart by what comes
 * first, so both work for a bare address too; what is HTTP goes by its path to LiveKit or to the API.
 */
import { hasRow, row, type PortRow } from "../turn/ports.ts";
import { HSTS } from "./hsts.ts";

/** `host:port` of what lies behind. */
export interface Upstreams {
  readonly signalling: string;
  readonly turn: string;
  readonly api: string;
}

export interface HaproxyConfigInput {
  readonly ports: readonly PortRow[];
  /** Addresses to listen on: for clients, and for health and metrics. */
  readonly bind: { readonly public: string; readonly node: string };
  readonly upstreams: Upstreams;
  /** Whether the upstreams are names that Docker's resolver knows, with addresses that change. */
  readonly resolve: boolean;
  readonly maxConnections: number;
  readonly hsts: boolean;
  /** Paths in the container. */
  readonly paths: {
    readonly certificate: string;
    readonly reload: string;
    readonly webSocket: string;
  };
}

/** LiveKit's own HTTP paths (pkg/service/server.go): signalling, server API, agents, WHIP. */
const LIVEKIT_PATHS = ["/rtc", "/twirp/", "/agent", "/whip/"];

/**
 * A TURN client over TCP may be silent until it refreshes its allocation, which lives an hour at most
 * (pion/turn, maximumAllocationLifetime): shorter idle time-outs would cut relays.
 */
const IDLE_SECONDS = 3_900;

/** Every STUN message has the magic cookie 0x2112A442 in bytes 4 to 7 (RFC 8489 section 5). */
const IS_STUN = "{ req.payload(4,4) -m bin 2112a442 }";

/**
 * No finite fields: anybody could have the edge compute with numbers of 8192 bits (CVE-2002-20001). Groups that an older
 * OpenSSL does not know stop it from starting.
 */
const KEY_EXCHANGE = `.if openssl_version_atleast(3.5.0)
  ssl-default-bind-curves X25519MLKEM768:X25519:P-256:P-384
.else
  ssl-default-bind-curves X25519:P-256:P-384
.endif`;

const IS_CHALLENGE = "{ path_beg /.well-known/acme-challenge/ }";

export function haproxyConfig(input: HaproxyConfigInput): string {
  const { ports, bind, upstreams, resolve, maxConnections, hsts, paths } = input;
  const port = (name: PortRow["name"]) => row(ports, name).from;
  const tls = `ssl crt ${paths.certificate}`;
  const found = resolve ? " resolvers docker init-addr last,libc,none" : "";
  return `global
  log stdout format raw local0 info
  maxconn ${maxConnections}
  # Told to stop it takes no connection any more; open ones get this long.
  hard-stop-after 2s
  lua-load ${paths.reload}
  ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets
  ssl-default-bind-ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305
${KEY_EXCHANGE}

defaults
  log global
  option dontlognull
  timeout connect 5s
  timeout client ${IDLE_SECONDS}s
  timeout server ${IDLE_SECONDS}s
${
  resolve
    ? `
resolvers docker
  nameserver engine 127.0.0.11:53
  resolve_retries 3
  timeout resolve 1s
  timeout retry 1s
  hold valid 1s
`
    : ""
}
${hasRow(ports, "http") ? httpFrontend(ports, bind.public) : ""}frontend https
  mode tcp
  bind ${bind.public}:${port("https")} ${tls}
  option clitcpka
  tcp-request inspect-delay 3s
  tcp-request content accept if { req.len ge 8 }
  use_backend turn if ${IS_STUN}
  default_backend http

frontend turn-tls
  mode tcp
  bind ${bind.public}:${port("turn-tls")} ${tls}
  option clitcpka
  default_backend turn

backend turn
  mode tcp
  option srvtcpka
  server livekit ${upstreams.turn}${found}

backend http
  mode tcp
  server web unix@${paths.webSocket} send-proxy-v2

frontend web
  mode http
  bind unix@${paths.webSocket} accept-proxy mode 600
  # The API's log has the same id; a client may not choose it.
  unique-id-format %[uuid()]
  unique-id-header X-Request-Id
  http-request del-header X-Request-Id
  # As \`option httplog\`, but the path without its query: LiveKit's clients put room tokens there.
  log-format "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %ts %{+Q}HM %{+Q}HP %ID"
  timeout client 65s
  timeout http-request 10s
  timeout http-keep-alive 60s
  # LiveKit and the API believe these, so a client may not set them.
  http-request set-header X-Forwarded-For %[src]
  http-request set-header X-Real-IP %[src]
  http-request set-header CF-Connecting-IP %[src]
  http-request set-header X-Forwarded-Proto https
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  http-request del-header Forwarded
${hsts ? `  # Also on errors of its own, and in the place of what comes from behind.\n  http-after-response set-header Strict-Transport-Security "${HSTS}"\n` : ""}  use_backend signalling if { path_beg ${LIVEKIT_PATHS.join(" ")} }
  default_backend api

backend signalling
  mode http
  timeout server 65s
  timeout tunnel ${IDLE_SECONDS}s
  server livekit ${upstreams.signalling}${found}

backend api
  mode http
  timeout server 65s
  server api ${upstreams.api}${found}

frontend metrics
  mode http
  # A line for each health check would bury the others.
  no log
  bind ${bind.node}:${port("edge-metrics")}
  timeout client 10s
  timeout http-request 5s
  monitor-uri /healthz
  http-request use-service prometheus-exporter if { path /metrics }
  http-request return status 404
`;
}

/** Without TLS there is a redirect, and ACME's challenges where the node orders its certificate (RFC 8555 section 8.3). */
function httpFrontend(ports: readonly PortRow[], address: string): string {
  const acme = ports.find((it) => it.name === "acme");
  return `frontend http
  mode http
  bind ${address}:${row(ports, "http").from}
  timeout client 10s
  timeout http-request 5s
  http-request redirect scheme https code 308${acme ? ` unless ${IS_CHALLENGE}\n  use_backend acme if ${IS_CHALLENGE}` : ""}

${
  acme
    ? `backend acme
  mode http
  timeout server 10s
  server client 127.0.0.1:${acme.from}

`
    : ""
}`;
}

/**
 * The Lua script by which a running HAProxy serves a changed certificate within two seconds, on new
 * connections; open ones go on (CertCache.set, since HAProxy 2.6). A file that is half written, or
 * wrong, leaves the certificate as it is and is tried again.
 */
export const certificateReload = (certificate: string): string => `local path = "${certificate}"

local function read()
  local file = io.open(path, "rb")
  if not file then return nil end
  local text = file:read("a")
  file:close()
  return text
end

local served = read()

core.register_task(function()
  local refused
  while true do
    core.sleep(1)
    local found = read()
    if found and found ~= served then
      local done, problem = pcall(CertCache.set, { filename = path, crt = found })
      if done then
        served = found
        core.Info("serving the changed certificate")
      elseif found ~= refused then
        refused = found
        core.Warning("the changed certificate is refused: " .. tostring(problem))
      end
    end
  end
end)
`;
