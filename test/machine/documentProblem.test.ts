import { expect, test } from "@jest/globals";
import type { NodeDocumentStatus } from "../../api/readiness/nodeDocument.ts";
import {
  documentProblem,
  type DocumentProblem,
  notDeployed,
} from "../../machine/documentProblem.ts";

const told = (
  state: NodeDocumentStatus["state"],
  wanted: string | null,
  applied: string | null,
): NodeDocumentStatus => ({ state, wanted, applied, since: "2030-01-01T00:00:00Z" });

const waits = (why: string): DocumentProblem => ({ why, refused: false });

test.each<[string, NodeDocumentStatus | undefined, DocumentProblem | undefined]>([
  ["version 2 runs", told("applied", "v2", "v2"), undefined],
  ["version 2 runs, and a later one is on its way", told("applying", "v3", "v2"), undefined],
  ["it says nothing", undefined, waits("it does not say which document it runs")],
  [
    "it boots and knows of none",
    told("starting", null, null),
    waits("it has not taken up version v2 of its document: it was last told none"),
  ],
  [
    "it has not looked yet",
    told("applied", "v1", "v1"),
    waits("it has not taken up version v2 of its document: it was last told v1"),
  ],
  [
    "it refused another before",
    told("refused", "v1", "v0"),
    waits("it has not taken up version v2 of its document: it was last told v1"),
  ],
  ["it is at it", told("applying", "v2", "v1"), waits("it applies version v2 of its document")],
  [
    "calls end before",
    told("draining", "v2", "v1"),
    waits("it lets calls end before LiveKit starts anew"),
  ],
  [
    "it went back",
    told("refused", "v2", "v1"),
    { why: "it refused version v2 of its document, and runs v1", refused: true },
  ],
  [
    "it had nothing to go back to",
    told("refused", "v2", null),
    { why: "it refused version v2 of its document, and runs none", refused: true },
  ],
])("%s", (_, status, problem) => {
  expect(documentProblem(status, "v2")).toEqual(problem);
});

test.each<[string, NodeDocumentStatus | undefined, string | undefined, string | undefined]>([
  ["a deployment without a node's document has no such problem", undefined, "v2", undefined],
  ["what was deployed runs", told("applied", "v2", "v2"), "v2", undefined],
  [
    "what it was last told runs, whatever was deployed",
    told("applied", "v2", "v2"),
    undefined,
    undefined,
  ],
  [
    "it goes on with an older one",
    told("applied", "v1", "v1"),
    "v2",
    "it has not taken up version v2 of its document: it was last told v1",
  ],
  [
    "it refused a later one, of an update that failed",
    told("refused", "v3", "v2"),
    "v2",
    "it refused version v3 of its document, and runs v2",
  ],
  [
    "so it is where nobody knows what was deployed",
    told("refused", "v3", "v2"),
    undefined,
    "it refused version v3 of its document, and runs v2",
  ],
  ["a node that boots has other problems", told("starting", null, null), undefined, undefined],
])("%s", (_, status, version, why) => {
  expect(notDeployed(status, version)?.why).toBe(why);
});
