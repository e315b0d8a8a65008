import { afterEach, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { type AppliedHookArgs, documentIsApplied } from "../../../components/aws/appliedHook.ts";
import {
  type Answer,
  applied,
  applying,
  draining,
  notReadyWith,
  readyNode,
  type ReadyNode,
  readyWith,
  refused,
} from "../../support/readyNode.ts";

const nodes: ReadyNode[] = [];
afterEach(async () => {
  for (const it of nodes.splice(0)) await it.close();
});

/** Waits for version v2 of a node that gives these answers, the last one for ever. */
async function waitFor(answers: readonly Answer[], changed: Partial<AppliedHookArgs> = {}) {
  const node = await readyNode((response, index) =>
    answers[Math.min(index, answers.length - 1)]?.(response, index),
  );
  nodes.push(node);
  const told: string[] = [];
  const error = await documentIsApplied({
    instanceId: pulumi.output("i-1"),
    address: pulumi.output("127.0.0.1"),
    httpsPort: node.port,
    documentVersion: pulumi.output("v2"),
    patience: { seconds: 60, everyMs: 5 },
    tell: async (text) => void told.push(text),
    ...changed,
  }).then(
    () => undefined,
    (problem: unknown) => String(problem),
  );
  const url = `https://127.0.0.1:${node.port}/readyz?without=address`;
  return { told, error, url, asked: node.asked.length };
}

test("waits until the node runs the document, and tells how far it is", async () => {
  const { told, error, url } = await waitFor([
    readyWith(applied("v1")),
    readyWith(draining("v2", "v1")),
    notReadyWith(applying("v2", "v1")),
    readyWith(applied("v2")),
  ]);
  expect(error).toBeUndefined();
  expect(told).toEqual(
    [
      "it has not taken up version v2 of its document: it was last told v1",
      "it lets calls end before LiveKit starts anew",
      "it applies version v2 of its document; livekit: LiveKit cannot be reached; clock: LiveKit's clock is not known",
    ].map((why) => `waiting up to 60 s for i-1 at ${url}: ${why}`),
  );
});

test("a node that runs it already is asked once, and nothing is told", async () => {
  expect(await waitFor([readyWith(applied("v2"))])).toMatchObject({
    error: undefined,
    told: [],
    asked: 1,
  });
});

test("a node that went back fails with what it runs, where to look and what to do", async () => {
  const { error, url } = await waitFor([
    readyWith(applying("v2", "v1")),
    readyWith(refused("v2", "v1")),
  ]);
  expect(error?.split("\n")).toEqual([
    `Error: i-1 does not run what was deployed (${url}): it refused version v2 of its document, and runs v1`,
    "aws ssm start-session --target i-1; there sudo cat /run/turnkey/status.json and sudo journalctl -u 'turnkey-*' say why",
    "mend it and deploy again, or deploy what was there before: every update asks the node until it runs what was deployed; to have it try the same once more, remove /var/lib/turnkey/refused.json there and restart turnkey-agent",
  ]);
});

test("what the node before refused is not held against the one that gets its address", async () => {
  const before = Array<Answer>(4).fill(readyWith(refused("v2", "v1")));
  const { error } = await waitFor([...before, readyWith(applied("v2"))]);
  expect(error).toBeUndefined();
});

test("a node that does not get there fails when patience ends, with how far it came", async () => {
  const { error, url } = await waitFor([readyWith(applying("v2", "v1"))], {
    patience: { seconds: 0.05, everyMs: 5 },
  });
  expect(error?.split("\n")).toEqual([
    `Error: i-1 did not run what was deployed within 0.05 s (${url}): it applies version v2 of its document`,
    "it goes on by itself, and falls back to what it ran before if that document does not work; aws ssm start-session --target i-1; there sudo cat /run/turnkey/status.json and sudo journalctl -u 'turnkey-*' say why",
    "deploy again to go on waiting; aws.readyWithinSeconds gives it more time",
  ]);
});
