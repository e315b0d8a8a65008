import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { contentsHash } from "../../../scripts/setup/imageContents.ts";
import { hasImage, importImage, removeLocalImages } from "../../../scripts/setup/importImage.ts";
import type { ImageRecipe } from "../../../scripts/setup/importImage.ts";
import { engineAnswer, fakeEngine } from "../../support/fakeEngine.ts";

let folder: string;
let image: ImageRecipe;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "turnkey-image-"));
  const source = join(folder, "file");
  writeFileSync(source, "content");
  image = {
    name: "turnkey.local/tool",
    version: "1.2.3",
    entrypoint: "/tool",
    entries: [{ path: "/tool", mode: 0o755, source }],
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const LOOK = "GET /images/turnkey.local/tool:1.2.3/json";
const MAKE = "POST /images/create";
const labelled = (hash: string) => ({ Config: { Labels: { "dev.turnkey.content": hash } } });

describe("an image is there", () => {
  test("when its label names exactly these contents", async () => {
    const hash = contentsHash(image.entries, image.entrypoint);
    expect(await hasImage(fakeEngine({ [LOOK]: labelled(hash) }), image)).toBe(true);
  });

  test.each([
    ["not when it has other contents", labelled("0")],
    ["not when it is somebody else's", { Config: { Labels: null } }],
    ["not when the engine knows none of that name", engineAnswer(404, "no such image")],
  ])("%s", async (_, answer) => {
    expect(await hasImage(fakeEngine({ [LOOK]: answer }), image)).toBe(false);
  });

  test("is no question for an engine that fails", async () => {
    const engine = fakeEngine({ [LOOK]: engineAnswer(500, "broken") });
    await expect(hasImage(engine, image)).rejects.toThrow("broken");
  });
});

describe("making an image", () => {
  test("sends its entrypoint and the label that names its contents", async () => {
    const engine = fakeEngine({ [MAKE]: '{"status":"sha256:0"}\n' });
    await importImage(engine, image);
    const query = new URLSearchParams(engine.calls[0]?.call.split("?")[1]);
    expect(query.get("repo")).toBe("turnkey.local/tool");
    expect(query.get("tag")).toBe("1.2.3");
    expect(query.getAll("changes")).toEqual([
      'ENTRYPOINT ["/tool"]',
      "ENV PATH=/usr/local/bin:/usr/bin:/bin",
      `LABEL dev.turnkey.content=${contentsHash(image.entries, image.entrypoint)}`,
    ]);
  });

  test("fails with what the engine says after it began to answer", async () => {
    const engine = fakeEngine({ [MAKE]: '{"status":"x"}\n{"error":"no space left on device"}\n' });
    await expect(importImage(engine, image)).rejects.toThrow(
      "turnkey.local/tool:1.2.3 was not made: no space left on device",
    );
  });
});

describe("removing our images", () => {
  const LIST = "GET /images/json";
  const DELETE = "DELETE /images/turnkey.local/tool:1.2.3";
  const listed = [{ RepoTags: ["turnkey.local/tool:1.2.3", "elsewhere/tool:1"] }];

  test("leaves other names alone", async () => {
    const engine = fakeEngine({ [LIST]: listed, [DELETE]: [] });
    expect(await removeLocalImages(engine)).toEqual(["turnkey.local/tool:1.2.3"]);
  });

  test("leaves one that a container uses", async () => {
    const engine = fakeEngine({ [LIST]: listed, [DELETE]: engineAnswer(409, "in use") });
    expect(await removeLocalImages(engine)).toEqual([]);
  });
});
