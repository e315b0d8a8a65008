import { describe, expect, test } from "@jest/globals";
import { compare } from "../../../registry-only/provider/compare.ts";
import type { Fields } from "../../../registry-only/provider/kind.ts";
import { UNKNOWN } from "../../../registry-only/provider/value.ts";
import type { Props } from "../../../registry-only/provider/value.ts";

const label = { object: { label: { type: "string" }, value: { type: "string" } } } satisfies {
  object: Fields;
};
const fields: Fields = {
  name: { type: "string", replaces: true },
  memory: { type: "integer" },
  hostname: { type: "string", computed: true },
  upper: { type: "boolean", stateDefault: true },
  tests: { type: { list: "string" } },
  envs: { type: { set: "string" }, replaces: true },
  labels: { type: { set: label }, replaces: true },
  tmpfs: { type: { map: "string" } },
  capabilities: { type: { object: { adds: { type: { set: "string" } } } }, replaces: true },
};

const changes = (olds: Props, news: Props) =>
  compare(fields, { upper: true, ...olds }, news).map(
    ({ path, kind, replaces }) => `${kind} ${path}${replaces ? " anew" : ""}`,
  );

const labels = (...pairs: [string, string][]) =>
  pairs.map(([name, value]) => ({ label: name, value }));

describe("the state and the wanted inputs", () => {
  test.each<[string, Props, Props, string[]]>([
    ["a changed text", { name: "a" }, { name: "b" }, ["update name anew"]],
    ["an input that comes", { memory: null }, { memory: 5 }, ["add memory"]],
    ["an input that goes", { memory: 5 }, {}, ["delete memory"]],
    ["a value that is not known yet", { name: "a" }, { name: UNKNOWN }, ["update name anew"]],
    [
      "an element of a list",
      { tests: ["a", "b", "c"] },
      { tests: ["a", "x"] },
      ["update tests[1]", "delete tests[2]"],
    ],
    [
      "lists in another order",
      { tests: ["a", "b"] },
      { tests: ["b", "a"] },
      ["update tests[0]", "update tests[1]"],
    ],
    ["a list that comes", { tests: [] }, { tests: ["a"] }, ["add tests"]],
    ["a list that goes", { tests: ["a"] }, {}, ["delete tests"]],
    [
      "the members of a set",
      { envs: ["A=1", "B=1"] },
      { envs: ["B=1", "C=1", "D=1"] },
      ["delete envs[0] anew", "add envs[1] anew", "add envs[2] anew"],
    ],
    [
      "an object in a set",
      { labels: labels(["a", "1"]) },
      { labels: labels(["a", "2"], ["b", "1"]) },
      ["update labels[0].value anew", "add labels[1] anew"],
    ],
    [
      "the entries of a map",
      { tmpfs: { "/a": "1", b: "1" } },
      { tmpfs: { "/a": "2", c: "" } },
      ['update tmpfs["/a"]', "delete tmpfs.b", "add tmpfs.c"],
    ],
    [
      "a member of an object",
      { capabilities: { adds: ["A"] } },
      { capabilities: { __defaults: [], adds: ["B"] } },
      ["update capabilities.adds[0] anew"],
    ],
    ["a default that the state holds", { upper: false }, {}, ["update upper"]],
  ])("differ in %s", (_, olds, news, expected) => {
    expect(changes(olds, news).toSorted()).toEqual(expected.toSorted());
  });

  test.each<[string, Props, Props]>([
    ["a set's order", { envs: ["A=1", "B=1"] }, { envs: ["B=1", "A=1"] }],
    [
      "the order of objects in a set",
      { labels: labels(["a", "1"], ["b", "2"]) },
      { labels: labels(["b", "2"], ["a", "1"]) },
    ],
    ["an input that goes and the provider finds again", { hostname: "x" }, {}],
    ["nothing, written as empty", { memory: 0, tests: [], tmpfs: {}, name: "" }, {}],
    ["nothing, wanted as empty", {}, { memory: 0, tests: [], tmpfs: {}, name: "" }],
    ["a default that the program spells out", {}, { upper: true }],
    [
      "the lists of defaults in the inputs",
      { capabilities: null },
      { capabilities: { __defaults: [] } },
    ],
    ["what the state holds beside the inputs", { mountpoint: "/x" }, {}],
  ])("do not differ in %s", (_, olds, news) => {
    expect(changes(olds, news)).toEqual([]);
  });
});
