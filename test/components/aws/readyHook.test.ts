import { afterEach, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { nodeIsReady, type ReadyHookArgs } from "../../../components/aws/readyHook.ts";
import {
  type Answer,
  DOCUMENT,
  notReady,
  ready,
  readyNode,
  type ReadyNode,
  readyWith,
  refused,
} from "../../support/readyNode.ts";

const nodes: ReadyNode[] = [];
afterEach(async () => {
  for (const it of nodes.splice(0)) await it.close();
});

/** The loopback address with that last byte: a node of its own. */
const host = (last: number) => `127.0.0.${last}`;

async function boot(answer: Answer, last = 1, port = 0) {
  const node = await readyNode(answer, { host: host(last), port });
  nodes.push(node);
  return node;
}

/** Waits for the node at an address of loopback; comes to what was told and the error, if any. */
async function waitFor(httpsPort: number, changed: Partial<ReadyHookArgs> = {}) {
  const told: string[] = [];
  const error = await nodeIsReady({
    instanceId: pulumi.output("i-1"),
    bootAddress: pulumi.output(host(1)),
    httpsPort,
    documentVersion: pulumi.output(DOCUMENT),
    patience: { seconds: 60, everyMs: 5 },
    tell: async (text) => void told.push(text),
    ...changed,
  }).then(
    () => undefined,
    (problem: unknown) => String(problem),
  );
  return { told, error };
}

test("waits until the node is ready, and tells what it waits for", async () => {
  const { port, asked } = await boot((response, index) =>
    (index < 3 ? notReady : ready)(response, index),
  );
  expect(await waitFor(port)).toEqual({
    error: undefined,
    told: [
      `waiting up to 60 s for i-1 to be ready at https://127.0.0.1:${port}/readyz?without=address`,
      "i-1 is not ready yet: livekit: LiveKit cannot be reached; clock: LiveKit's clock is not known",
    ],
  });
  expect(asked).toHaveLength(4);
});

test("waits for a node on which nothing listens at first", async () => {
  const stopped = await readyNode(ready);
  const { port } = stopped;
  await stopped.close();
  const told: string[] = [];
  const { error } = await waitFor(port, {
    tell: async (text) => {
      told.push(text);
      // Its edge starts while we wait.
      if (text.includes("nothing listens yet")) await boot(ready, 1, port);
    },
  });
  expect(error).toBeUndefined();
  expect(told.at(-1)).toBe("i-1 is not ready yet: nothing listens yet");
});

test("a node that is never ready fails with what it lacked and where to look", async () => {
  const { port } = await boot(notReady);
  const { error } = await waitFor(port, { patience: { seconds: 0.05, everyMs: 5 } });
  expect(error?.split("\n")).toEqual([
    `Error: i-1 was not ready within 0.05 s (https://127.0.0.1:${port}/readyz?without=address): livekit: LiveKit cannot be reached; clock: LiveKit's clock is not known`,
    "the stack's address stays where it was, and a node that had it is untouched",
    "look at the new one (aws ssm start-session --target i-1), mend what is wrong and deploy again: it is asked again, or replaced if what it boots with changed; aws.readyWithinSeconds gives a slower one more time",
  ]);
});

test("a node that is ready with another document fails, at once where it refused the one that was stored", async () => {
  const { port } = await boot(readyWith(refused(DOCUMENT, "version-0")));
  const { error } = await waitFor(port);
  expect(error?.split("\n")[0]).toBe(
    `Error: i-1 will not be ready (https://127.0.0.1:${port}/readyz?without=address): it refused version version-1 of its document, and runs version-0`,
  );
});

test("another node that is ready says nothing of this one", async () => {
  const other = await boot(ready, 2);
  const { port } = await boot(notReady, 1, other.port);
  const { error } = await waitFor(port, { patience: { seconds: 0, everyMs: 5 } });
  expect(error).toContain("i-1 was not ready");
  expect(other.asked).toEqual([]);
});

test("a node without an address of its own fails at once", async () => {
  const { error } = await waitFor(443, { bootAddress: pulumi.output("") });
  expect(error).toBe(
    "Error: i-1 has no public address of its own to be asked at, and the stack's stays where it was - refresh the stack, or replace the node",
  );
});
