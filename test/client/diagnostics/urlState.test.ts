import { describe, expect, test } from "@jest/globals";
import { describeUrl } from "../../../client/diagnostics/describeUrl.ts";
import { authorityOf, transportOf, urlState } from "../../../client/diagnostics/urlState.ts";
import { broken, error, silent, STUN, TLS, UDP, works } from "./samples.ts";

test.each([
  { url: STUN, transport: "udp", at: "192.168.1.5:443" },
  { url: UDP, transport: "udp", at: "192.168.1.5:443" },
  { url: TLS, transport: "tls", at: "192.168.1.5:443" },
  { url: "turn:a.example?transport=tcp", transport: "tcp", at: "a.example:3478" },
  { url: "turn:a.example", transport: "udp", at: "a.example:3478" },
  { url: "turns:a.example", transport: "tls", at: "a.example:5349" },
  { url: "stuns:a.example:5349", transport: "tls", at: "a.example:5349" },
  { url: "turn:[2001:db8::1]:443?transport=udp", transport: "udp", at: "[2001:db8::1]:443" },
])("$url goes by $transport to $at", ({ url, transport, at }) => {
  expect(transportOf(url)).toBe(transport);
  expect(authorityOf(url)).toBe(at);
});

// What Chromium 156 says in each case.
describe("a URL", () => {
  test.each([
    { it: works(STUN), state: "works", says: "your public address after 30 ms" },
    { it: works(UDP), state: "works", says: "a relay address after 40 ms" },
    {
      it: { ...works(STUN), found: [] },
      state: "works",
      says: "an answer: your own address",
    },
    {
      it: { ...works(UDP), found: [] },
      state: "broken",
      says: "no address after 90 ms, and no reason",
    },
    { it: silent(UDP), state: "silent", says: "no answer within 8.0 s" },
    {
      it: { ...error(STUN, 701, "STUN binding request timed out.", 9500), tookMs: 9500 },
      state: "silent",
      says: "no answer within 9.5 s",
    },
    {
      it: { ...error(UDP, 701, "TURN allocate request timed out."), complete: true },
      state: "silent",
      says: "no answer within 90 ms",
    },
    { it: broken(TLS), state: "broken", says: "connection broken off after 50 ms (701)" },
    { it: error(UDP, 401), state: "refused", says: "refused the credential after 50 ms (401)" },
    { it: error(UDP, 400), state: "refused", says: "refused the credential after 50 ms (400)" },
    { it: error(UDP, 486), state: "full", says: "has no relay left after 50 ms (486)" },
    { it: error(UDP, 508), state: "full", says: "has no relay left after 50 ms (508)" },
    {
      it: error(UDP, 701, "TURN host lookup received error."),
      state: "unknown",
      says: "name not found after 50 ms (701)",
    },
  ])("that gave $it.found and $it.errors is $state: $says", ({ it, state, says }) => {
    expect(urlState(it)).toBe(state);
    expect(describeUrl(it)).toBe(says);
  });

  test("that gave a relay works, whatever another interface said", () => {
    expect(urlState({ ...works(UDP), errors: error(UDP, 701).errors })).toBe("works");
  });
});
