import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Backend } from "../../../scripts/pulumi/backend.ts";
import { settleLocks } from "../../../scripts/pulumi/settleLocks.ts";
import { UserError } from "../../../scripts/userError.ts";
import { impatience } from "../../support/impatience.ts";

let folder: string;
let locks: string;
let own: Backend;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "turnkey-locks-"));
  locks = join(folder, ".pulumi", "locks", "organization", "turnkey", "dev");
  own = { owner: "turnkey", folder, url: pathToFileURL(folder).href };
  mkdirSync(locks, { recursive: true });
  writeFileSync(join(folder, "Pulumi.yaml"), "name: turnkey\nruntime: nodejs\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lock = (more: Record<string, unknown> = {}, name = "a.json") => {
  // No process has a number above the kernel's limit of 4194304.
  const held = { pid: 4_999_999, username: "ada", hostname: hostname(), ...more };
  const timestamp = new Date().toISOString();
  writeFileSync(join(locks, name), JSON.stringify({ timestamp, ...held }));
  writeFileSync(join(locks, `${name}.attrs`), "{}");
};
const settle = (
  patience = impatience(),
  { backend = own, env = {} }: { backend?: Backend; env?: Record<string, string> } = {},
) => settleLocks({ backend, project: folder, stack: "dev", env }, patience.patience);

/** A process whose program is called pulumi, until the test ends it. */
async function somePulumi() {
  const program = join(folder, "pulumi");
  if (!existsSync(program)) symlinkSync("/bin/sleep", program);
  const child = spawn(program, ["60"]);
  await once(child, "spawn");
  return child;
}

test("without a lock nothing is said", async () => {
  const patience = impatience();
  await settle(patience);
  expect(patience.told).toEqual([]);
});

test("the locks of processes that are gone are removed, each with a line, those of other stacks are not", async () => {
  lock();
  lock({ pid: 4_999_998 }, "b.json");
  mkdirSync(join(locks, "..", "prod"));
  writeFileSync(join(locks, "..", "prod", "c.json"), "{}");
  const patience = impatience();
  await settle(patience);
  expect(readdirSync(locks)).toEqual([]);
  expect(readdirSync(join(locks, "..", "prod"))).toEqual(["c.json"]);
  expect(patience.told).toEqual([
    "removed the lock of pulumi (pid 4999999), which ended without giving it back",
    "removed the lock of pulumi (pid 4999998), which ended without giving it back",
  ]);
});

test("what a pulumi left that was killed while it wrote its lock is removed", async () => {
  const file = join(locks, "a.json.1795322985.tmp");
  writeFileSync(file, "");
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(file, longAgo, longAgo);
  const patience = impatience();
  await settle(patience);
  expect(readdirSync(locks)).toEqual([]);
  expect(patience.told).toEqual(["removed the lock that was never finished"]);
});

test("the lock of a pulumi at work is waited for, with one line that says who and for how long", async () => {
  const child = await somePulumi();
  lock({ pid: child.pid });
  const patience = impatience();
  const settled = settle(patience);
  while (patience.told.length === 0) await patience.patience.sleep(0);
  expect(existsSync(join(locks, "a.json"))).toBe(true);
  const ended = once(child, "close");
  child.kill("SIGKILL");
  await ended;
  await settled;
  expect(patience.told).toEqual([
    expect.stringMatching(
      `^stack "dev" is locked by pulumi \\(pid ${child.pid}\\) of ada, for \\d+ s: waiting for it to end$`,
    ),
    `removed the lock of pulumi (pid ${child.pid}), which ended without giving it back`,
  ]);
});

test("patience has an end, and then the error names the process and the mend", async () => {
  const child = await somePulumi();
  try {
    lock({ pid: child.pid });
    const given = await settle(impatience({ limitMs: 30_000 })).catch((error: unknown) => error);
    expect(given).toBeInstanceOf(UserError);
    expect(given).toMatchObject({
      message: expect.stringMatching(
        `^stack "dev" is still locked by pulumi \\(pid ${child.pid}\\) of ada, for 30 s, after 30 s of waiting$`,
      ),
      mend: ["wait for it to end", `or end it, then run this again: kill -INT ${child.pid}`],
    });
    expect(existsSync(join(locks, "a.json"))).toBe(true);
  } finally {
    child.kill("SIGKILL");
  }
});

test("another machine's lock is explained and stays", async () => {
  lock({ hostname: "elsewhere" });
  await expect(settle()).rejects.toThrow(
    /^stack "dev" is locked by ada on elsewhere \(pid 4999999/,
  );
  expect(existsSync(join(locks, "a.json"))).toBe(true);
});

test.each([
  ["a folder", true],
  ["no folder", false],
])("a user's backend that is %s", async (_case, isFolder) => {
  lock();
  const backend: Backend = { owner: "user", chosenBy: "PULUMI_BACKEND_URL" };
  const url = isFolder ? pathToFileURL(folder).href : "s3://state";
  await settle(impatience(), { backend, env: { PULUMI_BACKEND_URL: url } });
  expect(existsSync(join(locks, "a.json"))).toBe(!isFolder);
});
