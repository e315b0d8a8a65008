import { expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { settleStrays, stepFor, STACK_MARK } from "../../../scripts/pulumi/strays.ts";
import { impatience } from "../../support/impatience.ts";

const seen = (command: string | undefined, pid = 7) => ({ pid, command, ageSeconds: 1 });

test.each([
  ["nothing is left", [], { do: "nothing" }],
  [
    "a CLI is left, with its plugins",
    [seen("node"), seen("pulumi", 8), seen("pulumi-resource")],
    { do: "wait", cli: seen("pulumi", 8) },
  ],
  [
    "plugins are left without a CLI",
    [seen("pulumi-language"), seen("node", 8)],
    { do: "end", pids: [7, 8] },
  ],
])("when %s", (_case, strays, step) => {
  expect(stepFor(strays)).toEqual(step);
});

test("a CLI without its command is waited for; plugins without their CLI are ended, the stubborn ones too", async () => {
  const folder = mkdtempSync(join(tmpdir(), "turnkey-strays-"));
  const pulumi = join(folder, "pulumi");
  symlinkSync("/bin/sleep", pulumi);
  const key = `test-${process.pid}`;
  const env = { ...process.env, [STACK_MARK]: key };
  const cli = spawn(pulumi, ["60"], { env });
  const plugin = spawn("sleep", ["60"], { env });
  const stubborn = spawn("sh", ["-c", "trap '' TERM; while :; do sleep 0.05; done"], { env });
  const other = spawn("sleep", ["60"], { env: { ...env, [STACK_MARK]: `${key}-other` } });
  const ends = [plugin, stubborn].map((it) => once(it, "close"));
  try {
    const { patience, told } = impatience();
    const settled = settleStrays({ stack: "dev", key }, patience);
    while (told.length === 0) await patience.sleep(0);
    expect(told).toEqual([
      `the command that started pulumi (pid ${cli.pid}) for stack "dev" was killed: waiting for pulumi to end`,
    ]);
    expect(plugin.exitCode ?? plugin.signalCode).toBeNull();
    cli.kill("SIGKILL");
    await settled;
    expect((await Promise.all(ends)).map(([, signal]) => signal)).toEqual(["SIGTERM", "SIGKILL"]);
    expect(told[1]).toMatch(/^ended what a killed pulumi left running: pid \d+, pid \d+/);
    expect(other.exitCode ?? other.signalCode).toBeNull();
  } finally {
    for (const it of [cli, plugin, stubborn, other]) it.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
});
