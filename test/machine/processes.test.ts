import { expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { parseStat, processAt, processesWith } from "../../machine/processes.ts";
import { until } from "../support/until.ts";

/** Fields 4 to 22 of a line, of which only the last is looked at. */
const rest = `${Array.from({ length: 18 }, () => "0").join(" ")} 4711 0 0`;

test.each([
  [`12 (pulumi) S ${rest}\n`, { command: "pulumi", state: "S", startTicks: 4711 }],
  [`12 (a) b (c)) Z ${rest}\n`, { command: "a) b (c)", state: "Z", startTicks: 4711 }],
  ["", undefined],
  ["12 (pulumi) S 1 2", undefined],
])("the line %j is read as the kernel means it", (line, expected) => {
  expect(parseStat(line)).toEqual(expected);
});

test("a process is seen with its program and its age, and not once it has ended, waited for or not", async () => {
  // The shell never asks after its child, which stays a zombie while the shell's successor sleeps.
  const parent = spawn("sh", ["-c", "sleep 0.05 & echo $!; exec sleep 60"]);
  const [line] = await once(parent.stdout, "data");
  const child = Number(String(line));
  expect(processAt(parent.pid ?? 0)?.ageSeconds).toBeGreaterThanOrEqual(-0.1);
  expect(await until(() => processAt(parent.pid ?? 0)?.command === "sleep")).toBe(true);
  expect(await until(() => processAt(child) === undefined)).toBe(true);
  const ended = once(parent, "close");
  parent.kill("SIGKILL");
  await ended;
  expect(processAt(parent.pid ?? 0)).toBeUndefined();
});

test("processes are found by what they were started with", async () => {
  const value = `it-${process.pid}`;
  const child = spawn("sleep", ["60"], { env: { ...process.env, TURNKEY_TEST_MARK: value } });
  try {
    await once(child, "spawn");
    expect(processesWith("TURNKEY_TEST_MARK", value).map(({ pid }) => pid)).toEqual([child.pid]);
    expect(processesWith("TURNKEY_TEST_MARK", value.slice(0, -1))).toEqual([]);
  } finally {
    child.kill("SIGKILL");
  }
});
