import { expect, test } from "@jest/globals";
import { CommandFailed, runCommand } from "../../../scripts/setup/runCommand.ts";

const shell = (script: string) => ({ file: "sh", args: ["-c", script] });

test("a command's standard output is its result, and every line becomes progress", async () => {
  const lines: string[] = [];
  const context = {
    report: (line: string) => lines.push(line),
    signal: new AbortController().signal,
  };
  expect(await runCommand(shell("echo one; echo; printf two"), context)).toBe("one\n\ntwo");
  expect(lines).toEqual(["one", "two"]);
});

test("a command that fails tells its code and its last lines, of both outputs", async () => {
  const failed = runCommand(shell("echo out; echo err >&2; sleep 0.1; exit 3"));
  await expect(failed).rejects.toBeInstanceOf(CommandFailed);
  await expect(failed).rejects.toMatchObject({
    code: 3,
    lines: expect.arrayContaining(["err", "out"]),
  });
});

test("of much output the last twelve lines are kept", async () => {
  await expect(runCommand(shell("seq 100; exit 1"))).rejects.toMatchObject({
    lines: Array.from({ length: 12 }, (_, i) => String(i + 89)),
  });
});

test("a program that does not exist fails with ENOENT", async () => {
  await expect(runCommand({ file: "no-such-program", args: [] })).rejects.toMatchObject({
    code: "ENOENT",
  });
});

test("a command ends with the step it belongs to", async () => {
  const controller = new AbortController();
  const running = runCommand(shell("exec sleep 20"), {
    report: () => undefined,
    signal: controller.signal,
  });
  controller.abort();
  await expect(running).rejects.toBeInstanceOf(CommandFailed);
});
