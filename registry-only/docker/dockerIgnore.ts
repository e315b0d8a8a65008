/** Which paths of a build context are left out: paths from its root, with `/` between names. */
export interface DockerIgnore {
  ignores(path: string): boolean;
  /** Whether nothing inside an ignored folder can be wanted again. */
  readonly final: boolean;
}

/**
 * Reads a `.dockerignore`: the last line that matches a path or a folder above it decides, and `!`
 * wants it again (Docker's documentation, "Build context"; moby/patternmatcher).
 */
export function dockerIgnore(text: string): DockerIgnore {
  const rules = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => ({ ignores: !line.startsWith("!"), matches: matching(line.replace(/^!/, "")) }));
  return {
    ignores: (path) => rules.findLast(({ matches }) => matches.test(path))?.ignores ?? false,
    final: rules.every(({ ignores }) => ignores),
  };
}

const wildcards: { readonly [part: string]: string } = {
  "**/": "(?:.*/)?",
  "**": ".*",
  "*": "[^/]*",
  "?": "[^/]",
};

/** A pattern as an expression for the path it names and everything below. */
function matching(pattern: string): RegExp {
  const bare = pattern
    .trim()
    .replace(/^(?:\.?\/)+/, "")
    .replace(/\/+$/, "");
  const parts = bare.match(/\*\*\/|\*\*|\*|\?|\[[^\]]+\]|\\.|[^]/g) ?? [];
  const source = parts.map(
    (part) =>
      wildcards[part] ??
      (/^(?:\[|\\.)/.test(part) ? part : part.replace(/[\\^$.+(){}|[\]]/, "\\$&")),
  );
  return new RegExp(`^${source.join("")}(?:/.*)?$`);
}
