import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { appendToList } from "../../../scripts/pulumi/appendToList.ts";

const DATE = "2026-11-22T05:06:07Z";
const MARK = "^";

const appendRotation = (text: string, date: string) =>
  appendToList(text, ["turnkey:keys", "rotations"], date);

/** Each text with a mark where the date comes in, and what comes in there. */
const cases: readonly [name: string, marked: string, added: string][] = [
  ["an empty file", MARK, `config:\n  turnkey:keys:\n    rotations:\n      - "${DATE}"\n`],
  [
    "no keys yet, comments and a secret around",
    `# mine\nconfig:\n  turnkey:target:   docker # aligned\n  turnkey:api:\n    jwtSecret:\n      secure: v1:abc\n${MARK}\n\n# the salt\nencryptionsalt: v1:x\n`,
    `  turnkey:keys:\n    rotations:\n      - "${DATE}"\n`,
  ],
  [
    "no newline at the end",
    `config:\n  turnkey:target: docker${MARK}`,
    `\n  turnkey:keys:\n    rotations:\n      - "${DATE}"\n`,
  ],
  [
    "a list with comments",
    `config:\n  turnkey:keys:\n    rotations:\n      - 2026-01-01 # first\n${MARK}      # later ones here\n\n  turnkey:target: docker\n`,
    `      - "${DATE}"\n`,
  ],
  [
    "a list at the column of its key",
    `config:\n  turnkey:keys:\n    rotations:\n    - "2026-01-01"\n${MARK}`,
    `    - "${DATE}"\n`,
  ],
  [
    "a list in brackets",
    `config:\n  turnkey:keys: {rotations: [ 2026-01-01${MARK} ]}   # kept\n`,
    `, "${DATE}"`,
  ],
  ["an empty list", `config:\n  turnkey:keys: {rotations: [${MARK}]}\n`, `"${DATE}"`],
  ["an empty object", `config:\n  turnkey:keys: {${MARK}}\n`, `rotations: ["${DATE}"]`],
  [
    "a key without a value",
    `config:\n  turnkey:keys: # none\n${MARK}  turnkey:target: docker\n`,
    `    rotations:\n      - "${DATE}"\n`,
  ],
  [
    "everything in brackets",
    `config: { turnkey:target: docker${MARK} }\n`,
    `, turnkey:keys: { rotations: ["${DATE}"] }`,
  ],
];

describe("the date comes in, and every other character stays", () => {
  test.each(cases)("%s", (_name, marked, added) => {
    const text = marked.replace(MARK, "");
    expect(appendRotation(text, DATE)).toBe(marked.replace(MARK, added));
  });

  test("lines that end as on Windows", () => {
    expect(appendRotation("config:\r\n  turnkey:target: docker\r\n", DATE)).toBe(
      `config:\r\n  turnkey:target: docker\r\n  turnkey:keys:\r\n    rotations:\r\n      - "${DATE}"\r\n`,
    );
  });
});

test("a second date follows the first", () => {
  const once = appendRotation("config:\n  turnkey:target: docker\n", "2026-01-01") ?? "";
  expect(parse(appendRotation(once, DATE) ?? "")).toEqual({
    config: { "turnkey:target": "docker", "turnkey:keys": { rotations: ["2026-01-01", DATE] } },
  });
});

test("a number comes in as one, and text that looks like one as text", () => {
  const revoked = appendToList("config: {}\n", ["turnkey:keys", "revoked"], 1) ?? "";
  expect(revoked).toBe("config: {turnkey:keys: { revoked: [1] }}\n");
  const blocked = appendToList(revoked, ["turnkey:api", "blockedUsers"], "1") ?? "";
  expect(parse(blocked)).toEqual({
    config: { "turnkey:keys": { revoked: [1] }, "turnkey:api": { blockedUsers: ["1"] } },
  });
});

test.each(['o"neil', "a: b # c", "é\u0000\u2028", "{[*&!|>%@`"])("%j comes in as it is", (user) => {
  const text = appendToList(
    "config:\n  turnkey:target: docker\n",
    ["turnkey:api", "blockedUsers"],
    user,
  );
  expect(parse(text ?? "")).toHaveProperty(["config", "turnkey:api", "blockedUsers"], [user]);
});

describe("what cannot be written without changing something else is left alone", () => {
  test.each([
    "config: [docker]\n",
    "config:\n  turnkey:keys: text\n",
    "config:\n  turnkey:keys: &a {rotations: [2026-01-01]}\n  other:more: *a\n",
    "config:\n  turnkey:target: [\n",
  ])("%j", (text) => expect(appendRotation(text, DATE)).toBeUndefined());
});
