import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { orUndo, startKeeper } from "../support/node/keeper.ts";
import { nodeProgram } from "../support/node/nodeProgram.ts";
import { until } from "../support/until.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "turnkey-keeper-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const append = (word: string) => ["sh", "-c", `echo ${word} >>'${join(folder, "undone")}'`];
const undone = () => readFileSync(join(folder, "undone"), "utf8").trim().split("\n");

test("what was noted last is undone first", async () => {
  const keeper = startKeeper();
  keeper.note(...append("first"));
  keeper.note(...append("second"));
  await keeper.undo();
  expect(undone()).toEqual(["second", "first"]);
});

test("a step that cannot be undone is told, and those before it are undone all the same", async () => {
  const keeper = startKeeper();
  keeper.note(...append("first"));
  keeper.note("ls", "/nowhere at all");
  await expect(keeper.undo()).rejects.toThrow("/nowhere at all");
  expect(undone()).toEqual(["first"]);
});

test.each(["SIGKILL", "SIGINT"] as const)(
  "after %s everything is undone as well",
  async (signal) => {
    const keeper = JSON.stringify(join(import.meta.dirname, "..", "support", "node", "keeper.ts"));
    const program = `
    import { orUndo, startKeeper } from ${keeper};
    startKeeper().note(...${JSON.stringify(append("all"))});
    console.log("noted");
    setInterval(() => undefined, 1000);`;
    const [file = "node", ...args] = nodeProgram("--input-type=module", "--eval", program);
    const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    child.kill(signal);
    await until(() => existsSync(join(folder, "undone")), 20_000);
    expect(undone()).toEqual(["all"]);
  },
);

const failing = () => Promise.reject(new Error("no luck"));

test("what fails undoes everything, and what cannot be undone is told with why", async () => {
  const keeper = startKeeper();
  keeper.note(...append("first"));
  await expect(orUndo(keeper, failing)).rejects.toThrow("no luck");
  expect(undone()).toEqual(["first"]);
  const stuck = startKeeper();
  stuck.note("false");
  await expect(orUndo(stuck, failing)).rejects.toMatchObject({
    message: expect.stringContaining("not all was undone"),
    cause: new Error("no luck"),
  });
});
