import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { appendToList } from "../../../scripts/pulumi/appendToList.ts";
import { removeFromList } from "../../../scripts/pulumi/removeFromList.ts";

const PATH = ["turnkey:api", "blockedUsers"] as const;

const removed = (text: string) => removeFromList(text, PATH, "ann");

/** The list in a stack's file with things around it that have to stay. */
const inFile = (list: string) =>
  `# mine\nconfig:\n  turnkey:api:\n    port:   7890 # aligned\n${list}  turnkey:target: docker\n\nencryptionsalt: v1:x\n`;

/** The list before and after. */
const cases: readonly [name: string, before: string, after: string][] = [
  [
    "the first of several",
    '    blockedUsers: # who\n      - "ann" # spam\n      # the next\n      - bob\n',
    "    blockedUsers: # who\n      # the next\n      - bob\n",
  ],
  [
    "the last of several",
    '    blockedUsers:\n    - bob\n    - "ann"\n',
    "    blockedUsers:\n    - bob\n",
  ],
  [
    "one that stands there twice",
    "    blockedUsers:\n      - ann\n      - bob\n      - ann\n",
    "    blockedUsers:\n      - bob\n",
  ],
  ["the only one", "    blockedUsers: # who\n      - ann\n", "    blockedUsers: [] # who\n"],
  ["the first in brackets", "    blockedUsers: [ann, bob]\n", "    blockedUsers: [bob]\n"],
  ["the last in brackets", "    blockedUsers: [ bob, 'ann' ]\n", "    blockedUsers: [ bob ]\n"],
  ["the only one in brackets", '    blockedUsers: ["ann"] # x\n', "    blockedUsers: [] # x\n"],
];

describe("the entry goes, and every other character stays", () => {
  test.each(cases)("%s", (_name, before, after) =>
    expect(removed(inFile(before))).toBe(inFile(after)),
  );

  test("at the end of a file without a newline", () =>
    expect(removed("config:\n  turnkey:api:\n    blockedUsers:\n      - bob\n      - ann")).toBe(
      "config:\n  turnkey:api:\n    blockedUsers:\n      - bob\n",
    ));

  test("lines that end as on Windows", () =>
    expect(
      removed("config:\r\n  turnkey:api:\r\n    blockedUsers:\r\n      - ann\r\n      - bob\r\n"),
    ).toBe("config:\r\n  turnkey:api:\r\n    blockedUsers:\r\n      - bob\r\n"));
});

test("what was added can be taken out again, and the list is one still", () => {
  const added = appendToList("config:\n  turnkey:target: docker\n", PATH, "ann") ?? "";
  expect(parse(removed(added) ?? "")).toEqual({
    config: { "turnkey:target": "docker", "turnkey:api": { blockedUsers: [] } },
  });
  const again = appendToList(removed(added) ?? "", PATH, "bob") ?? "";
  expect(parse(again)).toHaveProperty(["config", ...PATH], ["bob"]);
});

describe("what is not there, or cannot be taken out without changing something else, is left alone", () => {
  test.each([
    "config:\n  turnkey:target: docker\n",
    "config:\n  turnkey:api: {blockedUsers: [anna]}\n",
    "config:\n  turnkey:api: {blockedUsers: ann}\n",
    "config:\n  turnkey:api:\n    blockedUsers: &a [ann]\n  other:more: *a\n",
    "config:\n  turnkey:target: [\n",
  ])("%j", (text) => expect(removed(text)).toBeUndefined());
});
