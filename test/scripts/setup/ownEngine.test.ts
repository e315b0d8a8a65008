import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  engineLog,
  ownEngine,
  parseStat,
  startOwnEngine,
  stopEngineProcess,
} from "../../../scripts/setup/ownEngine.ts";

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "turnkey-engine-"));
});
afterEach(async () => {
  await stopEngineProcess([], cache);
  rmSync(cache, { recursive: true, force: true });
});

/** A program of that name; a script's process is named after its file. */
function program(name: string, body: string): string {
  const file = join(cache, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}
const daemon = () => program("dockerd", "echo ready; while sleep 0.1; do :; done");

async function until(condition: () => boolean) {
  for (let i = 0; i < 200 && !condition(); i++) await sleep(20);
  expect(condition()).toBe(true);
}

test("a process's name and start are read whatever its name holds", () => {
  const fields = Array.from({ length: 30 }, (_, i) => String(i + 4)).join(" ");
  expect(parseStat(`123 (a) b (c) S ${fields}`)).toEqual({ name: "a) b (c", startedAtTicks: "22" });
  expect(parseStat(`123 (a) Z ${fields}`)).toBeUndefined();
  expect(parseStat("")).toBeUndefined();
});

// Processes are told apart by /proc.
const onLinux = process.platform === "linux" ? describe : describe.skip;

onLinux("an engine that we started", () => {
  test("is recognised, logs into the cache folder, and is stopped by its id", async () => {
    const { alive } = await startOwnEngine(daemon(), [], cache);
    await until(() => ownEngine(cache) !== undefined);
    await until(() => readFileSync(engineLog(cache), "utf8") === "ready\n");
    expect(await stopEngineProcess([], cache)).toBe("stopped");
    expect(alive()).toBe(false);
    expect(ownEngine(cache)).toBeUndefined();
  });

  test("tells its last words once it ended", async () => {
    const { alive, lastLines } = await startOwnEngine(
      program("dockerd", "echo no iptables; exit 1"),
      [],
      cache,
    );
    await until(() => !alive());
    expect(lastLines()).toEqual(["no iptables"]);
    expect(ownEngine(cache)).toBeUndefined();
  });

  test("is not taken for ours when its id belongs to a process that started at another time", async () => {
    await startOwnEngine(daemon(), [], cache);
    await until(() => ownEngine(cache) !== undefined);
    const file = join(cache, "engine", "dockerd.json");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, JSON.stringify({ ...ownEngine(cache), startedAtTicks: "1" }));
    expect(ownEngine(cache)).toBeUndefined();
    writeFileSync(file, text);
  });

  test("is not taken for ours when the process is no dockerd", async () => {
    const { alive } = await startOwnEngine(program("other", "sleep 0.3"), [], cache);
    expect(ownEngine(cache)).toBeUndefined();
    await until(() => !alive());
  });
});

test("without an engine of ours nothing is stopped", async () => {
  expect(await stopEngineProcess([], cache)).toBe("none");
});
