import { expect, test } from "@jest/globals";
import { decodeSignal, encodeSignal, type Signal } from "../../client/demo/signal.ts";

const signals: Signal[] = [
  { kind: "hello", answer: false },
  { kind: "hello", answer: true },
  { kind: "offer", sdp: "v=0" },
  { kind: "answer", sdp: "v=0" },
  { kind: "candidate", candidate: "candidate:1", sdpMid: "0", sdpMLineIndex: 0 },
  { kind: "candidate", candidate: "candidate:1", sdpMid: null, sdpMLineIndex: null },
];

test.each(signals)("$kind arrives as it was sent", (signal) => {
  expect(decodeSignal(encodeSignal(signal))).toEqual(signal);
});

test.each([
  "",
  "{",
  "1",
  "null",
  "{}",
  '{"kind":"bye"}',
  '{"kind":"offer"}',
  '{"kind":"offer","sdp":1}',
  '{"kind":"candidate","candidate":{}}',
])("%j is no signal", (text) => {
  expect(decodeSignal(new TextEncoder().encode(text))).toBeUndefined();
});
