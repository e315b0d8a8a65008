import { expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { askCli, runCli } from "../../../scripts/pulumi/runCli.ts";

const sh = (script: string) => ({
  cli: "/bin/sh",
  args: ["-c", script],
  cwd: "/",
  env: process.env,
});

test("the CLI's answer is its exit code and what it printed", async () => {
  expect(await askCli(sh("echo out; echo err >&2; exit 6"))).toEqual({
    code: 6,
    stdout: "out\n",
    stderr: "err\n",
  });
});

test.each([
  ["exit 3", 3],
  ["kill -TERM $$", 143],
])("the exit code of %s is passed on as a shell would", async (script, code) => {
  expect(await runCli(sh(script))).toBe(code);
});

test("a CLI that cannot be started is an error", async () => {
  await expect(runCli({ ...sh(""), cli: "/no/such/pulumi" })).rejects.toThrow("ENOENT");
});

test("signals that are repeated at once reach the CLI once, and its own exit code comes back", async () => {
  const module = JSON.stringify(join(import.meta.dirname, "../../../scripts/pulumi/runCli.ts"));
  // Says when it is ready and when it is interrupted, and tells the count by its exit code when told to end.
  const counting = `count=0
    trap 'count=$((count + 1)); echo interrupted' INT
    trap 'exit $((40 + count))' TERM
    echo ready
    for i in $(seq 80); do sleep 0.05; done`;
  const program = `const { runCli } = await import(${module});
    process.exitCode = await runCli(${JSON.stringify({ ...sh(counting), env: {} })});`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(parent, "close");
  await once(parent.stdout, "data");
  parent.kill("SIGINT");
  parent.kill("SIGINT");
  parent.kill("SIGINT");
  await once(parent.stdout, "data");
  parent.kill("SIGTERM");
  const [code] = await ended;
  expect(code).toBe(41);
});
