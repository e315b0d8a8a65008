/** What the node ships of its logs. */
import { describe, test } from "@jest/globals";
import type { Rig } from "../../support/node/rig.ts";
import { soon } from "../../support/node/soon.ts";
import { shippedLines } from "../../support/node/watched.ts";

const MINUTES = 60_000;

/** By stream, a part of a line that each writes as it starts. */
const SAID = {
  "node/node": '"state": "applied"',
  "livekit/node": "starting LiveKit server",
  "api/node": "Server listening",
  "edge/node": "/readyz",
};

/** Streams that are not there, or lack what they are to have. */
async function missing(rig: Rig): Promise<string[]> {
  const streams = await shippedLines(rig);
  return Object.entries(SAID)
    .filter(([stream, text]) => !streams[stream]?.some((it) => it.includes(text)))
    .map(([stream]) => stream);
}

/** Declares the tests. */
export const logsTests = (rig: () => Rig): void =>
  describe("logs in CloudWatch", () => {
    test(
      "have a stream of the node's and one of each service's, with what each says",
      async () => {
        await soon(async () => (await missing(rig())).length === 0, {
          withinMs: 3 * MINUTES,
          otherwise: async () => `not what is wanted in ${(await missing(rig())).join()}`,
        });
      },
      4 * MINUTES,
    );
  });
