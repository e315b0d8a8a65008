import { describe, expect, test } from "@jest/globals";
import {
  isGiven,
  isUnknownError,
  itemsOf,
  peek,
  peekAt,
  shown,
  textsOf,
  UNKNOWN,
} from "../../policy/known.ts";
import { atPreview, resource, UNKNOWN_AT_PREVIEW } from "../support/policy.ts";

const { props } = atPreview(
  resource("a:b:Thing", {
    late: UNKNOWN_AT_PREVIEW,
    list: ["a", UNKNOWN_AT_PREVIEW, "b"],
    inner: { late: UNKNOWN_AT_PREVIEW, early: 1 },
    empty: "",
    none: null,
    nothing: [],
  }),
);

const readLate = () => props["late"];

test("the policy SDK throws where a value is not known, with the error that we look for", () => {
  expect(readLate).toThrow("can't be known during preview");
  try {
    readLate();
  } catch (error) {
    expect(isUnknownError(error)).toBe(true);
  }
  expect(isUnknownError(new Error("another"))).toBe(false);
});

describe("what is read with care", () => {
  test("is known, unknown or not there", () => {
    expect(peek(props, "late")).toBe(UNKNOWN);
    expect(peek(props, "absent")).toBeUndefined();
    expect(peek("text", "length")).toBeUndefined();
    expect(peekAt(props, "inner", "early")).toBe(1);
    expect(peekAt(props, "inner", "late")).toBe(UNKNOWN);
    expect(peekAt(props, "late", "early")).toBe(UNKNOWN);
    expect(peekAt(props, "absent", "early")).toBeUndefined();
  });

  test("of a list is each member, or its texts", () => {
    expect(itemsOf(props, "list")).toEqual(["a", UNKNOWN, "b"]);
    expect(textsOf(props, "list")).toEqual(["a", "b"]);
    expect(itemsOf(props, "late")).toEqual([]);
    expect(textsOf({ one: "a" }, "one")).toEqual(["a"]);
  });

  test.each([
    ["late", true],
    ["list", true],
    ["absent", false],
    ["none", false],
    ["empty", false],
    ["nothing", false],
  ])("%s is given: %s", (key, given) => {
    expect(isGiven(props, key)).toBe(given);
  });

  test("lets other errors through", () => {
    const broken = {
      get it(): never {
        throw new Error("broken");
      },
    };
    expect(() => peek(broken, "it")).toThrow("broken");
  });
});

test.each([
  [UNKNOWN, "known after the deployment"],
  [undefined, "not set"],
  [null, "not set"],
  ["a", '"a"'],
  [false, "false"],
])("%p is shown as %s", (value, text) => {
  expect(shown(value)).toBe(text);
});
