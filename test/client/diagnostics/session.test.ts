import { expect, test } from "@jest/globals";
import { isDiagnosticsSession } from "../../../client/diagnostics/session.ts";

const good = {
  user: "ann",
  livekit: { server_url: "wss://192.168.1.5", participant_token: "token" },
  ice: { iceServers: [{ urls: ["stun:192.168.1.5:443"] }] },
};

test.each([
  { what: "one without an edge", value: good, is: true },
  { what: "one with an edge", value: { ...good, edge: "https://192.168.1.5" }, is: true },
  { what: "an edge that is no URL", value: { ...good, edge: "192.168.1.5" }, is: false },
  { what: "an edge that is no text", value: { ...good, edge: 443 }, is: false },
  { what: "an error", value: { statusCode: 401, error: "Unauthorized", message: "no" }, is: false },
])("$what: $is", ({ value, is }) => {
  expect(isDiagnosticsSession(value)).toBe(is);
});
