import { expect, test } from "@jest/globals";
import { countLine, type Results } from "../../../scripts/commands/test.ts";

const suite = (...statuses: string[]): Results["testResults"][number] => ({
  status: statuses.includes("failed") ? "failed" : "passed",
  assertionResults: statuses.map((status) => ({ status })),
});

test.each<[string, Results["testResults"], string]>([
  ["passed tests", [suite("passed"), suite("passed", "pending")], "2 passed, 0 failed"],
  ["failed tests", [suite("passed", "failed", "failed")], "1 passed, 2 failed"],
  ["suites that did not start", [{ status: "failed", assertionResults: [] }], "0 passed, 1 failed"],
  [
    "suites that failed after their tests",
    [{ ...suite("passed"), status: "failed" }],
    "1 passed, 1 failed",
  ],
])("the last line counts %s", (_what, testResults, line) => {
  const passed = testResults.flatMap((it) => it.assertionResults);
  const numPassedTests = passed.filter(({ status }) => status === "passed").length;
  expect(countLine({ numPassedTests, testResults })).toBe(line);
});
