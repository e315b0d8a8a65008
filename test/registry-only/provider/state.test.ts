import { describe, expect, test } from "@jest/globals";
import { refreshedInputs, stateOf } from "../../../registry-only/provider/state.ts";
import type { Props } from "../../../registry-only/provider/value.ts";

describe("the inputs a refresh answers", () => {
  test.each<[string, Props, Props, Props, Props]>([
    ["stay when nothing changed", { a: 1 }, { a: 1, b: 2 }, { a: 1, b: 2 }, { a: 1 }],
    ["stay when only what is not among them changed", { a: 1 }, { b: 2 }, { b: 3 }, { a: 1 }],
    ["stay where the state never held them", { a: 1 }, {}, {}, { a: 1 }],
    ["follow a changed value", { a: 1 }, { a: 1 }, { a: 2 }, { a: 2 }],
    ["follow a list that got shorter", { a: [1, 2] }, { a: [1, 2] }, { a: [3] }, { a: [3] }],
    ["follow a list no further than they went", { a: [1] }, { a: [1] }, { a: [2, 3] }, { a: [2] }],
    ["follow an object's own members", { a: { b: 1 } }, {}, { a: { b: 2, c: 3 } }, { a: { b: 2 } }],
  ])("%s", (_, inputs, before, now, refreshed) => {
    expect(refreshedInputs(inputs, before, now)).toEqual(refreshed);
  });

  test("no longer call a changed value a default, at any depth", () => {
    const inputs: Props = { __defaults: ["a", "b"], a: 1, b: 1, c: { __defaults: ["d"], d: 1 } };
    const before: Props = { a: 1, b: 1, c: { d: 1 } };
    expect(refreshedInputs(inputs, before, { a: 2, b: 1, c: { d: 2 } })).toEqual({
      __defaults: ["b"],
      a: 2,
      b: 1,
      c: { __defaults: [], d: 2 },
    });
  });
});

test("a state holds no notes about defaults, whatever a kind answers", () => {
  const table = { inputs: {}, outputs: {} };
  const outputs: Props = { __defaults: ["a"], a: 1, b: [{ __defaults: [], c: 1 }] };
  expect(stateOf(table, "framework", {}, { id: "x", outputs })).toEqual({
    a: 1,
    b: [{ c: 1 }],
    id: "x",
  });
});
