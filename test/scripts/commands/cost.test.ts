import { expect, test } from "@jest/globals";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const cli = join(import.meta.dirname, "..", "..", "..", "scripts", "cli.ts");

/** What `npm run cost` prints, run as the npm script runs it; without a PATH there is no Pulumi CLI to ask. */
const cost = async (...options: string[]) => {
  const { stdout } = await run(process.execPath, [cli, "cost", ...options], { env: {} });
  return stdout;
};

test("a stack on this machine costs nothing, in words and for programs", async () => {
  expect(await cost("--stack", "dev")).toBe("stack dev runs on this machine: AWS bills nothing\n");
  expect(JSON.parse(await cost("--stack", "dev", "--json"))).toEqual({
    stack: "dev",
    target: "docker",
    lines: [],
    totalUsd: 0,
  });
});
