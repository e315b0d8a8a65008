/** What the node's own programs log reaches CloudWatch, each line once. */
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { until } from "../support/until.ts";
import { python } from "./support/python.ts";
import { testNode, type TestNode } from "./support/testNode.ts";

const entry = (cursor: string, message: unknown, milliseconds: number) => ({
  __CURSOR: cursor,
  __REALTIME_TIMESTAMP: `${milliseconds}000`,
  MESSAGE: message,
});

let node: TestNode;

beforeEach(async () => {
  node = await testNode();
});

afterEach(async () => {
  await node.remove();
});

test("lines are shipped in the order of their times, and once", async () => {
  node.programs.journal([entry("a", "second", 1_002), entry("end", "first", 1_001)]);
  node.start("ship.py");
  await until(() => node.programs.calls("journalctl").length > 3, 20_000);
  expect(node.aws.shipped).toEqual([
    {
      logGroupName: "/turnkey/prod/node",
      logStreamName: expect.stringMatching(/^node\/./),
      logEvents: [
        { timestamp: 1_001, message: "first" },
        { timestamp: 1_002, message: "second" },
      ],
    },
  ]);
});

test("lines that CloudWatch did not take are shipped later", async () => {
  node.aws.away.add("logs");
  node.programs.journal([entry("end", "a line", 1_000)]);
  node.start("ship.py");
  await until(() => node.printed().includes("logs answers 503"), 20_000);
  node.aws.away.delete("logs");
  await until(() => node.aws.shipped.length > 0, 20_000);
});

const batch = (entries: readonly object[]) =>
  python("ship", "ship.batch(given)", entries.map((it) => JSON.stringify(it)).join("\n"));

test("a call holds no more than CloudWatch takes, and goes on from there", () => {
  const long = "x".repeat(9_000);
  const entries = Array.from({ length: 200 }, (_, at) => entry(`c${at}`, long, at));
  // 1,000,000 bytes by 8,192 of each line, and 26 beside.
  expect(batch(entries)).toMatchObject([{ length: 121 }, "c120"]);
});

test("a line that is no text is told all the same", () => {
  const told = batch([entry("a", [1, 2], 1), entry("b", "", 2)]);
  expect(told).toEqual([
    [
      { timestamp: 1, message: "[1, 2]" },
      { timestamp: 2, message: "-" },
    ],
    "b",
  ]);
});
