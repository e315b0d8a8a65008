import { expect, test } from "@jest/globals";
import { iceUrls } from "../../turn/iceUrls.ts";
import type { PortRow } from "../../turn/ports.ts";

const one = (name: PortRow["name"], protocol: PortRow["protocol"], port: number): PortRow => ({
  name,
  protocol,
  from: port,
  to: port,
  purpose: name,
  exposure: "public",
});
const ports = [one("turn-tls", "tcp", 5349), one("turn-udp", "udp", 443)];

test.each([
  { host: "127.0.0.1", authority: "127.0.0.1" },
  { host: "turn.example.org", authority: "turn.example.org" },
  { host: "2001:db8::1", authority: "[2001:db8::1]" },
])("the URLs of $host come as STUN, TURN over UDP, TURN over TLS", ({ host, authority }) => {
  expect(iceUrls(host, ports)).toEqual([
    `stun:${authority}:443`,
    `turn:${authority}:443?transport=udp`,
    `turns:${authority}:5349?transport=tcp`,
  ]);
});

test("with an edge TURN over TLS is on the port of HTTPS first", () => {
  expect(iceUrls("127.0.0.1", [...ports, one("https", "tcp", 443)])).toEqual([
    "stun:127.0.0.1:443",
    "turn:127.0.0.1:443?transport=udp",
    "turns:127.0.0.1:443?transport=tcp",
    "turns:127.0.0.1:5349?transport=tcp",
  ]);
});

test("the URLs follow the port table", () => {
  const moved = [one("turn-udp", "udp", 3478), one("turn-tls", "tcp", 8443)];
  expect(iceUrls("127.0.0.1", moved)).toEqual([
    "stun:127.0.0.1:3478",
    "turn:127.0.0.1:3478?transport=udp",
    "turns:127.0.0.1:8443?transport=tcp",
  ]);
});
