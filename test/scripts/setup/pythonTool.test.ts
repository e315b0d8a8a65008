import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parliament } from "../../../scripts/setup/parliament.ts";
import {
  type PythonFacts,
  pythonQuestion,
  toolFile,
  toolFolder,
} from "../../../scripts/setup/pythonTool.ts";
import { schemathesis } from "../../../scripts/setup/schemathesis.ts";
import { checkout } from "../../../scripts/setup/versions.ts";
import { Refusal } from "../../../scripts/userError.ts";

const facts: PythonFacts = { platform: "linux", osRelease: "ID=debian\n", found: true };

test.each([
  [true, "python3, for trying the API by its description, is older than 3.11 or cannot make"],
  [false, "python3, for trying the API by its description, cannot be found"],
])("Debian's package is asked for (a python3 was found: %s)", (found, problem) => {
  const question = pythonQuestion(schemathesis, { ...facts, found });
  expect(question.problem).toContain(problem);
  expect(question.command).toBe("apt-get install -y --no-install-recommends python3-venv");
});

test.each<[string, Partial<PythonFacts>]>([
  ["macOS", { platform: "darwin" }],
  ["another Linux", { osRelease: "ID=fedora\n" }],
])("on %s the user installs Python, and without it the suite is left out", (_, changes) => {
  const ask = () => pythonQuestion(schemathesis, { ...facts, ...changes });
  expect(ask).toThrow(Refusal);
  expect(ask).toThrow(
    expect.objectContaining({
      mend: ["install Python 3.11 or newer with venv, then run the same command again"],
    }),
  );
});

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "turnkey-python-tool-"));
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

test.each([schemathesis, parliament])(
  "an installation of $title that was interrupted is none",
  (tool) => {
    expect(toolFile(tool, cache)).toBeUndefined();
    const folder = toolFolder(tool, cache);
    mkdirSync(join(folder, "bin"), { recursive: true });
    writeFileSync(join(folder, "bin", tool.program), "");
    expect(toolFile(tool, cache)).toBeUndefined();
    writeFileSync(join(folder, "ready"), "");
    expect(toolFile(tool, cache)).toBe(join(folder, "bin", tool.program));
  },
);

test.each([schemathesis, parliament])("every package of $title has one version", ({ name }) => {
  const list = readFileSync(join(checkout, "scripts", "setup", `${name}.txt`), "utf8");
  for (const line of list.trim().split("\n")) expect(line).toMatch(/^[\w-]+==[\d.]+$/);
  expect(list).toContain(`${name}==`);
});
