import { expect, test } from "@jest/globals";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storeFinding, writableFinding } from "../../../scripts/doctor/checks/disk.ts";

const store = { what: "state", path: tmpdir(), need: 0, comfort: 0, mend: "free some space" };
/** More MiB than any disk has. */
const ENDLESS = 2 ** 40;

test.each([
  ["enough", {}, "ok", /free for state in /],
  ["less than is comfortable", { comfort: ENDLESS }, "warning", /^only .* it gets tight below/],
  ["less than is needed", { need: ENDLESS, comfort: ENDLESS }, "problem", /MiB are needed$/],
])("a disk with %s", async (_what, given, level, text) => {
  expect(await storeFinding({ ...store, ...given })).toMatchObject({
    level,
    text: expect.stringMatching(text),
  });
});

test("a folder that is made only later is judged by the nearest one above it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "doctor-disk-"));
  try {
    const finding = await storeFinding({ ...store, path: join(folder, "a", "b") });
    expect(finding.text.endsWith(` in ${folder}`)).toBe(true);
    expect(writableFinding({ ...store, path: join(folder, "a") })).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
