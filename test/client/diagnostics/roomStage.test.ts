import { expect, test } from "@jest/globals";
import { ConnectionError } from "livekit-client";
import { roomStage } from "../../../client/diagnostics/roomStage.ts";

const refused = ConnectionError.notAllowed("invalid token", 401);
const unreached = ConnectionError.serverUnreachable("could not establish signal connection");

test.each([
  {
    what: "a token that LiveKit refuses",
    error: refused,
    signalled: false,
    is: "asking to be let in",
  },
  { what: "a LiveKit that does not answer", error: unreached, signalled: false, is: "signalling" },
  { what: "media that does not pass", error: new Error("no"), signalled: true, is: "connecting" },
])("$what fails while $is", ({ error, signalled, is }) =>
  expect(roomStage(error, signalled)).toBe(is),
);
