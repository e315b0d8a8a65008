import { expect, test } from "@jest/globals";
import { withoutSiblings, withSiblingSums } from "../../../scripts/setup/buildGoCommand.ts";
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

test("Pulumi is built at the version of its npm package", () => {
  expect(versions.builds.pulumi.version).toBe(versions.pulumi);
});
