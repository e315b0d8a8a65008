import { expect, test } from "@jest/globals";
import { dockerIgnore } from "../../../registry-only/docker/dockerIgnore.ts";

// Rows from Docker's documentation of the file ("Build context"), and of moby/patternmatcher.
test.each<[string, string[], string[]]>([
  ["", [], ["a", "b/c"]],
  ["# a\n\n  \n", [], ["a", "# a"]],
  ["node_modules", ["node_modules", "node_modules/a/b"], ["api/node_modules", "node_modules2"]],
  ["/dist/", ["dist", "dist/a"], ["a/dist"]],
  ["./dist", ["dist"], ["a/dist"]],
  ["**/dist", ["dist", "a/dist", "a/b/dist/c"], ["a/distant"]],
  ["*/temp*", ["a/temp", "a/temporary.txt"], ["temp", "a/b/temp"]],
  ["temp?", ["tempa", "temp1"], ["temp", "temp/a"]],
  ["**/*.md", ["a.md", "a/b/c.md"], ["a.mdx"]],
  ["a/**", ["a/b", "a/b/c"], ["b"]],
  ["*.md\n!README.md", ["a.md"], ["README.md"]],
  ["*.md\n!README.md\nREADME*", ["a.md", "README.md"], ["a"]],
  ["*\n!src", ["a", "b/c"], ["src", "src/a/b"]],
  ["[ab].txt", ["a.txt", "b.txt"], ["c.txt"]],
  ["a.b+(c)", ["a.b+(c)"], ["aXb+(c)", "a.bb+(c)"]],
  ["a.txt\r\nb.txt\r\n", ["a.txt", "b.txt"], ["c.txt"]],
])("%j ignores %j and keeps %j", (text, ignored, kept) => {
  const ignore = dockerIgnore(text);
  expect(ignored.filter((path) => !ignore.ignores(path))).toEqual([]);
  expect(kept.filter((path) => ignore.ignores(path))).toEqual([]);
});

test("an ignored folder is final unless something is wanted again", () => {
  expect(dockerIgnore("a\nb").final).toBe(true);
  expect(dockerIgnore("a\n!a/b").final).toBe(false);
});
