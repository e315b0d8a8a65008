import { expect, test } from "@jest/globals";
import { explainAllowed } from "../../verify/explainAttempt.ts";
import { bestLegs } from "../support/node/bestLegs.ts";
import type { VerifiedLeg } from "../support/node/verifyIn.ts";

const leg = (name: string, result: VerifiedLeg["result"], cause?: string): VerifiedLeg => ({
  name,
  url: "turn:example.com",
  result,
  ...(cause === undefined ? {} : { cause }),
});
const slow = leg("a relay", "failed", "not finished after 10 s");
const fine = leg("a relay", "ok");
const untried = leg("a relay", "n/a");
const open = leg("it is refused", "failed", explainAllowed("metadata-channel").cause);
const closed = leg("it is refused", "ok");

test.each([
  ["that passes once has passed", [[slow], [fine], [slow]], [fine]],
  ["that fails always has failed", [[slow], [slow]], [slow]],
  ["that was not tried first, and fails then, has failed", [[untried], [slow]], [slow]],
  ["that fails, beside one that passes, has failed", [[slow, closed], [closed]], [slow, closed]],
  ["that lets in what it must not has done so, if once", [[closed], [open], [closed]], [open]],
])("a leg %s", (_claim, runs, best) => {
  expect(bestLegs(runs)).toEqual(best);
});
