import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { DownloadAnswer } from "../../../scripts/setup/canDownload.ts";
import { askSource, knownSource, sourceFile, sourceLine } from "../../../scripts/setup/source.ts";
import type { SourceQuestion } from "../../../scripts/setup/source.ts";

const works: DownloadAnswer = { works: true };
const fails: DownloadAnswer = { works: false, reason: "get.example did not answer within 5 s" };
const noon = new Date("2026-11-22T12:00:00.000Z");
const hoursLater = (hours: number) => new Date(noon.getTime() + hours * 3_600_000);

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "turnkey-source-"));
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

const question = (changes: Partial<SourceQuestion> = {}): SourceQuestion => ({
  cache,
  now: noon,
  online: false,
  platform: "linux",
  officialCli: false,
  probe: async () => works,
  ...changes,
});

describe("what is known without asking", () => {
  test("is nothing on a fresh machine", () => {
    expect(knownSource(question())).toBeUndefined();
  });

  test("is official where an official CLI is installed, even if the downloads failed before", async () => {
    await askSource(question({ probe: async () => fails }));
    expect(knownSource(question({ officialCli: true, online: true }))?.source).toBe("official");
  });

  test.each([
    [0, "registry-only"],
    [23.9, "registry-only"],
    [24, undefined],
    [-1, undefined],
  ])("%d hours after the answer is %s", async (hours, source) => {
    await askSource(question({ probe: async () => fails }));
    expect(knownSource(question({ now: hoursLater(hours) }))?.source).toBe(source);
  });

  test("is nothing with --online", async () => {
    await askSource(question());
    expect(knownSource(question({ online: true }))).toBeUndefined();
  });

  test.each(["", "{", `{"source":"elsewhere"}`])("is nothing when the memory says %j", (text) => {
    writeFileSync(sourceFile(cache), text);
    expect(knownSource(question())).toBeUndefined();
  });
});

describe("asking", () => {
  test.each([
    [works, "official", "Pulumi's download site answers"],
    [fails, "registry-only", "get.example did not answer within 5 s"],
  ])("%j gives %s and remembers it", async (answer, source, reason) => {
    const wanted = { source, reason, askedAt: noon.toISOString() };
    expect(await askSource(question({ probe: async () => answer }))).toEqual(wanted);
    expect(knownSource(question())).toEqual(wanted);
  });

  test("fails on other systems than Linux without a download, and is repeated next time", async () => {
    const probe = jest.fn(async () => fails);
    const asked = askSource(question({ platform: "darwin", probe }));
    await expect(asked).rejects.toMatchObject({
      message: "Pulumi cannot be downloaded: get.example did not answer within 5 s",
    });
    expect(knownSource(question())).toBeUndefined();
  });
});

test("the line about a registry-only machine says why, since when, and how to ask again", () => {
  expect(
    sourceLine({ source: "registry-only", reason: "no answer", askedAt: noon.toISOString() }),
  ).toBe(
    "registry-only machine: no answer; Pulumi is built here and stand-ins take the place of its plugins (asked 2026-11-22 12:00 UTC, --online asks again)",
  );
});
