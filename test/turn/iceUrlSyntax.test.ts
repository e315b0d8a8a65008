import { expect, test } from "@jest/globals";
import { isStunUrl, isTurnUrl } from "../../turn/iceUrlSyntax.ts";

test.each([
  { url: "stun:stun.example.org", stun: true, turn: false },
  { url: "stuns:stun.example.org:5349", stun: true, turn: false },
  { url: "turn:turn.example.org", stun: false, turn: true },
  { url: "turn:192.0.2.1:3478?transport=udp", stun: false, turn: true },
  { url: "turns:[2001:db8::1]:5349?transport=tcp", stun: false, turn: true },
  { url: "stun:stun.example.org?transport=udp", stun: false, turn: false },
  { url: "turn:turn.example.org?transport=sctp", stun: false, turn: false },
  { url: "turn://turn.example.org", stun: false, turn: false },
  { url: "turn:name@turn.example.org", stun: false, turn: false },
  { url: "turn:", stun: false, turn: false },
  { url: "turn:turn.example.org:port", stun: false, turn: false },
  { url: "https://turn.example.org", stun: false, turn: false },
  { url: "turn:turn.example.org,turn:b", stun: false, turn: false },
  { url: "x stun:stun.example.org", stun: false, turn: false },
])("$url is STUN: $stun, TURN: $turn", ({ url, stun, turn }) => {
  expect({ stun: isStunUrl(url), turn: isTurnUrl(url) }).toEqual({ stun, turn });
});
