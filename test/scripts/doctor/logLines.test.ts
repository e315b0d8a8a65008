import { expect, test } from "@jest/globals";
import { explainLog, knownLines } from "../../../scripts/doctor/logLines.ts";

/** As livekit-server 1.13.5, api/server.ts and HAProxy 2.6.12 printed them when they were started with the fault. */
const recorded: readonly [service: string, line: string, means: string][] = [
  [
    "livekit",
    "listen tcp 127.0.0.1:7880: bind: address already in use",
    "something else listens on 127.0.0.1:7880",
  ],
  ["livekit", "listen tcp :7881: bind: address already in use", "something else listens on :7881"],
  [
    "livekit",
    "could not listen on TURN UDP port: listen udp 127.0.0.1:443: bind: address already in use",
    "something else listens on 127.0.0.1:443",
  ],
  [
    "livekit",
    "could not listen on TURN UDP port: listen udp 127.0.0.1:443: bind: permission denied",
    "it may not open 127.0.0.1:443",
  ],
  [
    "livekit",
    "  line 1: field foo_bar not found in type config.Config",
    "the key foo_bar, which this LiveKit does not know",
  ],
  [
    "livekit",
    "  line 10: field per_user_relay_allocation_limit not found in type config.TURNConfig",
    "the key per_user_relay_allocation_limit",
  ],
  ["livekit", "key file others permissions must be set to 0", "others may read the key file"],
  ["livekit", "one of key-file or keys must be provided", "it has no keys"],
  [
    "livekit",
    "stat /etc/livekit/keys.yaml: no such file or directory",
    "the file /etc/livekit/keys.yaml is missing",
  ],
  [
    "livekit",
    '2026-11-22T04:48:06.097Z\tERROR\tlivekit\tconfig/config.go:725\tsecret is too short, should be at least 32 characters for security\t{"apiKey": "KEY1"}',
    "shorter than 32 characters",
  ],
  ["livekit", "TURN domain required", "turn.domain is missing"],
  ["livekit", "TURN domain is not correct", "turn.domain is missing or none that LiveKit takes"],
  [
    "livekit",
    "TURN tls cert required: open /cfg/none.crt: no such file or directory",
    "the TURN certificate cannot be loaded: open /cfg/none.crt",
  ],
  [
    "livekit",
    "TURN tls cert required: tls: failed to find any PEM data in certificate input",
    "the TURN certificate cannot be loaded: tls: failed to find any PEM data",
  ],
  ["livekit", "invalid TURN ports", "TURN is on and has no port"],
  [
    "livekit",
    "could not validate RTC config: could not resolve external IP: dial udp: lookup stun1.l.google.com on 10.255.255.53:53: no such host",
    "gets no answer: dial udp: lookup stun1.l.google.com",
  ],
  [
    "livekit",
    '2026-11-22T04:49:44.726Z\tINFO\tlivekit\tservice/turn.go:276\tTURN credential expired\t{"username": "S0VZMXx1c2VyLTF8MTc5NTMyMjg4NA==", "participantID": "user-1", "expiry": "2026-11-22T04:48:04.000Z", "method": "Allocate"}',
    "clients used expired TURN credentials",
  ],
  [
    "livekit",
    '2026-11-22T04:49:44.731Z\tWARN\tlivekit\tservice/turn.go:282\tcould not create TURN password\t{"username": "Tk9LRVl8dXNlci0xfDE3OTUzMjMwODQ=", "error": "invalid API key"}',
    "credentials of a key that LiveKit does not have",
  ],
  [
    "livekit",
    '2026-11-22T04:49:44.793Z\tWARN\tlivekit\tservice/utils.go:84\terror handling request\t{"status": 401, "method": "GET", "path": "/rtc/validate", "error": "invalid authorization token"}',
    "something that is no room token",
  ],
  [
    "livekit",
    '2026-11-22T05:34:17.438Z\tWARN\tlivekit\tservice/utils.go:84\terror handling request\t{"status": 401, "method": "GET", "path": "/rtc/validate", "error": "invalid token: eyJ.eyJ.x, error: token has invalid claims: token is expired"}',
    "expired room tokens",
  ],
  [
    "livekit",
    '2026-11-22T05:34:17.438Z\tWARN\tlivekit\tservice/utils.go:84\terror handling request\t{"status": 401, "method": "GET", "path": "/rtc/validate", "error": "invalid token: eyJ.eyJ.x, error: token signature is invalid: signature is invalid"}',
    "another stack's keys",
  ],
  [
    "livekit",
    '2026-11-22T05:34:17.438Z\tWARN\tlivekit\tservice/utils.go:84\terror handling request\t{"status": 401, "method": "GET", "path": "/rtc/validate", "error": "invalid API key: NOKEY"}',
    "another stack's keys",
  ],
  [
    "api",
    "listen EADDRINUSE: address already in use 127.0.0.1:7890",
    "something else listens on 127.0.0.1:7890",
  ],
  [
    "api",
    "listen EADDRNOTAVAIL: address not available 10.99.99.99:7890",
    "10.99.99.99:7890 is on no interface",
  ],
  [
    "api",
    "the API's environment is wrong - correct it where the API is started",
    "its environment is not what this version reads",
  ],
  [
    "api",
    '  ROOM_KEY_FILE is /nope: cannot be read (ENOENT); wanted JSON {"key", "secret"} with a secret of at least 32 characters',
    "its secret file is missing or unfit: ROOM_KEY_FILE",
  ],
  [
    "edge",
    "[ALERT]    (1569) : Binding [haproxy.cfg:11] for frontend turn: cannot bind socket (Address already in use) for [127.0.0.1:443]",
    "something else listens on 127.0.0.1:443",
  ],
  [
    "edge",
    "[ALERT]    (1611) : Binding [haproxy.cfg:11] for frontend turn: cannot bind socket (Permission denied) for [127.0.0.1:443]",
    "it may not open 127.0.0.1:443",
  ],
  [
    "edge",
    "[ALERT]    (1616) : Binding [haproxy.cfg:11] for frontend turn: cannot bind socket (Cannot assign requested address) for [10.99.99.99:443]",
    "10.99.99.99:443 is on no interface",
  ],
  [
    "edge",
    "[ALERT]    (1582) : config : parsing [haproxy.cfg:11] : 'bind 127.0.0.1:443' in section 'frontend' : unable to stat SSL certificate from file '/etc/haproxy-tls/server.pem' : No such file or directory.",
    "the certificate /etc/haproxy-tls/server.pem is missing",
  ],
  [
    "edge",
    "[ALERT]    (1587) : config : parsing [haproxy.cfg:11] : 'bind 127.0.0.1:443' in section 'frontend' : unable to load certificate from file '/etc/haproxy-tls/server.pem'.",
    "/etc/haproxy-tls/server.pem holds no certificate",
  ],
  [
    "edge",
    "[ALERT]    (1593) : config : parsing [haproxy.cfg:11] : 'bind 127.0.0.1:443' in section 'frontend' : No Private Key found in '/etc/haproxy-tls/server.pem.key'.",
    "no private key is with the certificate",
  ],
  [
    "edge",
    "[ALERT]    (1600) : config : parsing [haproxy.cfg:11] : 'bind 127.0.0.1:443' in section 'frontend' : inconsistencies between private key and certificate loaded '/etc/haproxy-tls/server.pem'.",
    "do not belong together",
  ],
  [
    "edge",
    "[ALERT]    (1576) : backend 'turn' has no server available!",
    "what lies behind turn does not answer",
  ],
  ["edge", "backend turn has no server available!", "what lies behind turn does not answer"],
  [
    "edge",
    '127.0.0.1:60920 [22/Nov/2026:05:01:03.846] web api/api 0/0/-1/-1/3007 503 217 - - SC-- 2/2/0/0/3 0/0 "GET /x HTTP/1.1"',
    "what lies behind api did not answer",
  ],
  [
    "edge",
    "[ALERT]    (1605) : config : parsing [haproxy.cfg:7] : unknown keyword 'timeuot' in 'defaults' section; did you mean 'timeout' maybe ?",
    "haproxy.cfg is not what this HAProxy reads: unknown keyword 'timeuot'",
  ],
];

test.each(recorded)("%s: %s", (service, line, means) => {
  expect(explainLog(service, ["something harmless", line])).toEqual([
    expect.objectContaining({ means: expect.stringContaining(means), count: 1 }),
  ]);
});

test("what services print when all is well is no fault", () => {
  const lines = {
    livekit: [
      "2026-11-22T04:47:27.505Z\tINFO\tlivekit\thwstats/cpu_linux.go:77\tfailed reading cgroup specific cpu stats, falling back to system wide implementation",
      '2026-11-22T04:47:27.508Z\tINFO\tlivekit\tservice/turn.go:190\tStarting TURN server\t{"turn.relay_range_start": 22100, "turn.relay_range_end": 22110, "turn.portUDP": 22443}',
    ],
    api: [
      '{"level":30,"time":1795323040331,"pid":4890,"hostname":"vm","msg":"Server listening at http://127.0.0.1:22090"}',
      '{"level":30,"time":1795323041694,"pid":4890,"hostname":"vm","reqId":"req-1","res":{"statusCode":401},"responseTime":11.3,"msg":"request completed"}',
    ],
    edge: [
      "Connect from 127.0.0.1:60544 to 127.0.0.1:8404 (metrics/HTTP)",
      '127.0.0.1:60920 [22/Nov/2026:05:01:03.846] web~ api/api 0/0/0/4/4 200 217 - - ---- 2/2/0/0/0 0/0 "GET /503 HTTP/1.1"',
    ],
  };
  expect(Object.keys(lines).toSorted()).toEqual(Object.keys(knownLines).toSorted());
  for (const [service, some] of Object.entries(lines))
    expect(explainLog(service, some)).toEqual([]);
});

test("what verify tries on purpose is no fault", () => {
  const username = Buffer.from("KEY|turnkey-verify-tampered|1795323084").toString("base64");
  expect(
    explainLog("livekit", [
      'error handling request\t{"status": 401, "method": "GET", "path": "/rtc/validate", "error": "no permissions to access the room"}',
      'TURN credential expired\t{"username": "S0U=", "participantID": "turnkey-verify-expiry"}',
      `could not create TURN password\t{"username": "${username}", "error": "invalid API key"}`,
    ]),
  ).toEqual([]);
});

test("the same fault again and again is told once, with how often", () => {
  const line = "listen tcp 127.0.0.1:7880: bind: address already in use";
  expect(explainLog("livekit", [line, line, line])).toMatchObject([{ count: 3 }]);
});
