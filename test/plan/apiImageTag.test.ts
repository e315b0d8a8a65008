import { expect, test } from "@jest/globals";
import { apiImageContent, type ApiImageContent } from "../../plan/apiImageTag.ts";

const content: ApiImageContent = {
  dockerfile: "FROM a\n",
  base: "node:1",
  platform: "linux/arm64",
  files: ["aa", "bb"],
};

test("the same content has the same name, which a tag may be", () => {
  expect(apiImageContent({ ...content })).toBe(apiImageContent(content));
  expect(apiImageContent(content)).toMatch(/^[0-9a-f]{12}$/);
});

test.each<Partial<ApiImageContent>>([
  { dockerfile: "FROM b\n" },
  { base: "node:2" },
  { platform: "linux/amd64" },
  { files: ["bb", "aa"] },
  { files: ["aab", "b"] },
])("with %j it has another", (changed) => {
  expect(apiImageContent({ ...content, ...changed })).not.toBe(apiImageContent(content));
});
