import { describe, expect, test } from "@jest/globals";
import { NotApplicable } from "../../verify/findings.ts";
import { parseIceUrl } from "../../verify/iceUrl.ts";

describe("parseIceUrl", () => {
  test.each([
    ["stun:127.0.0.1:443", { relays: false, host: "127.0.0.1", port: 443, transport: "udp" }],
    ["stun:turn.example", { relays: false, host: "turn.example", port: 3478, transport: "udp" }],
    ["turn:[::1]:443?transport=udp", { relays: true, host: "::1", port: 443, transport: "udp" }],
    [
      "turns:turn.example?transport=tcp",
      { relays: true, host: "turn.example", port: 5349, transport: "tls" },
    ],
    [
      "turn:turn.example:443?transport=tcp",
      { relays: true, host: "turn.example", port: 443, transport: "tcp" },
    ],
    ["turns:turn.example:443", { relays: true, host: "turn.example", port: 443, transport: "tls" }],
  ])("reads %s", (text, parts) => {
    expect(parseIceUrl(text)).toEqual({ text, ...parts });
  });

  test.each(["http://127.0.0.1", "turn:", "turn:host:port", "turn:::1:443"])(
    "refuses %s as no ICE URL",
    (text) => expect(() => parseIceUrl(text)).toThrow(`"${text}" is no ICE URL`),
  );

  test("leaves out DTLS, which nothing here speaks", () =>
    expect(() => parseIceUrl("turns:host:443?transport=udp")).toThrow(NotApplicable));
});
