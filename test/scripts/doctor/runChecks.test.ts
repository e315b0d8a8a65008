import { expect, test } from "@jest/globals";
import { EngineError } from "../../../machine/engineError.ts";
import { NotTold, type Check } from "../../../scripts/doctor/check.ts";
import { checksFor } from "../../../scripts/doctor/checks.ts";
import { ok } from "../../../scripts/doctor/finding.ts";
import { runChecks } from "../../../scripts/doctor/runChecks.ts";
import { UserError } from "../../../scripts/userError.ts";
import { contextWith } from "./context.ts";

const check = (name: string, run: Check["run"]) => ({ name, load: async () => ({ run }) });
const fails = (name: string, error: unknown) =>
  check(name, async () => {
    throw error;
  });

test("checks run side by side, and report in their own order", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const results = await runChecks(
    [
      check("first", async () => {
        await promise;
        return [ok("waited for the second")];
      }),
      check("second", () => {
        resolve();
        return [ok("let the first go on")];
      }),
    ],
    contextWith({}),
  );
  expect(results.map((it) => it.check)).toEqual(["first", "second"]);
  expect(results.every((it) => it.findings[0]?.level === "ok")).toBe(true);
});

test("a check that hangs is left behind and the others report", async () => {
  const results = await runChecks(
    [check("hangs", () => new Promise(() => undefined)), check("well", () => [ok("here")])],
    contextWith({}),
    20,
  );
  expect(results).toEqual([
    { check: "hangs", findings: [{ level: "unknown", text: "not finished within 0.02 s" }] },
    { check: "well", findings: [ok("here")] },
  ]);
});

test.each<[string, unknown, string]>([
  ["what cannot be told", new NotTold("the backend is silent"), "the backend is silent"],
  ["a missing engine", new EngineError("missing", "none", "install"), "needs the Docker Engine"],
  ["an engine's error", new EngineError("answer", "GET /info: broken", ""), "GET /info: broken"],
  ["an error with a mend", new UserError("wrong settings", ["mend"]), "wrong settings"],
  [
    "a missing package",
    Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" }),
    "needs the dependencies",
  ],
  ["a bug", new TypeError("x is not a function"), "could not be checked: x is not a function"],
])("%s is unknown, and no problem", async (_what, error, text) => {
  const [result] = await runChecks([fails("it", error)], contextWith({}));
  expect(result?.findings).toEqual([
    expect.objectContaining({ level: "unknown", text: expect.stringContaining(text) }),
  ]);
});

test("every check of the registry reports where there is no engine, no stack and no plan", async () => {
  const results = await runChecks(checksFor("docker"), contextWith({}));
  for (const { check: name, findings } of results)
    expect([name, findings.length]).not.toEqual([name, 0]);
  const told = results.flatMap(({ findings }) => findings.map(({ text }) => text)).join("\n");
  expect(told).not.toContain("could not be checked");
});
