import { expect, test } from "@jest/globals";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LEGO_IMAGE } from "../../../plan/images.ts";
import {
  withoutSiblings,
  withReplaced,
  withSiblingSums,
} from "../../../scripts/setup/buildGoCommand.ts";
import { versions } from "../../../scripts/setup/versions.ts";
import type { GoRecipe } from "../../../scripts/setup/versions.ts";

const recipe: GoRecipe = {
  module: "example.org/tool/pkg",
  version: "3.2.1",
  command: "./cmd/tool",
  checksum: "h1:AAAA",
  siblings: [{ module: "example.org/tool/sdk", checksum: "h1:BBBB", manifestChecksum: "h1:CCCC" }],
};

test("references to neighbouring folders go, replacements by other modules stay", () => {
  const manifest = [
    "module example.org/tool/pkg",
    "replace example.org/tool/sdk => ../sdk",
    "replace example.org/a => example.org/b v0.0.1",
    "require example.org/tool/sdk v3.2.1",
  ];
  expect(withoutSiblings(manifest.join("\n"), recipe).split("\n")).toEqual([
    manifest[0],
    manifest[2],
    manifest[3],
  ]);
});

test("the neighbours' checksums join the module's own, at the version they share", () => {
  expect(withSiblingSums("example.org/a v0.0.1 h1:DDDD\n", recipe)).toBe(
    [
      "example.org/a v0.0.1 h1:DDDD",
      "example.org/tool/sdk v3.2.1 h1:BBBB",
      "example.org/tool/sdk v3.2.1/go.mod h1:CCCC",
      "",
    ].join("\n"),
  );
});

test("a file of ours takes the place of the module's in a copy, which is another one each time", async () => {
  const folder = mkdtempSync(join(tmpdir(), "turnkey-go-"));
  try {
    const module = join(folder, "module");
    mkdirSync(join(module, "providers/dns"), { recursive: true });
    const path = "providers/dns/zz_gen_dns_providers.go";
    writeFileSync(join(module, path), "theirs");
    writeFileSync(join(module, "main.go"), "main");
    chmodSync(join(module, path), 0o444);
    const build = { recipe: versions.builds.lego, workFolder: folder };
    await withReplaced(module, build);
    const copy = await withReplaced(module, build);
    expect(readFileSync(join(copy, path), "utf8")).toContain("package dns");
    expect(readFileSync(join(copy, "main.go"), "utf8")).toBe("main");
    expect(readFileSync(join(module, path), "utf8")).toBe("theirs");
    expect(await withReplaced(module, { ...build, recipe })).toBe(module);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("lego is built at the version of the image that nodes pull", () => {
  expect(LEGO_IMAGE).toBe(`goacme/lego:v${versions.builds.lego.version}`);
});

test("Pulumi is built at the version of its npm package", () => {
  expect(versions.builds.pulumi.version).toBe(versions.pulumi);
});
