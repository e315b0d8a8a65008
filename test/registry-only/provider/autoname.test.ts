import { describe, expect, test } from "@jest/globals";
import { autoname } from "../../../registry-only/provider/autoname.ts";
import type { Naming } from "../../../registry-only/provider/autoname.ts";

const naming = (more: Partial<Naming> = {}): Naming => ({
  resource: "Node",
  olds: {},
  seed: new Uint8Array([1, 2, 3]),
  ...more,
});
const rule = { longest: 20 };
const named = (name: string, mode: "propose" | "enforce" | "disable") =>
  naming({ proposed: { name, mode } });

test("one seed makes one name, another seed another", () => {
  const name = autoname(rule, "name", naming());
  expect(name).toMatch(/^Node-[\da-f]{7}$/);
  expect(autoname(rule, "name", naming())).toBe(name);
  expect(autoname(rule, "name", naming({ seed: new Uint8Array([4]) }))).not.toBe(name);
});

test("without a seed every name is another one", () => {
  const none = naming({ seed: new Uint8Array() });
  expect(autoname(rule, "name", none)).not.toBe(autoname(rule, "name", none));
});

describe("a name of last time", () => {
  test("stays when it was made up then", () => {
    const olds = { __defaults: ["name"], name: "Node-0000000" };
    expect(autoname(rule, "name", naming({ olds }))).toBe("Node-0000000");
  });

  test("does not stay when the program gave it", () => {
    const olds = { __defaults: [], name: "given" };
    expect(autoname(rule, "name", naming({ olds }))).toMatch(/^Node-[\da-f]{7}$/);
  });
});

describe("a stack's own rule", () => {
  test.each([
    ["propose", "Mine", "mine"],
    ["enforce", "Mine", "Mine"],
    ["disable", "Mine", undefined],
  ] as const)("%s", (mode, name, expected) => {
    expect(autoname({ longest: 20, lowerCase: true }, "name", named(name, mode))).toBe(expected);
  });
});

test("a name that the service would not take is an error that says so", () => {
  expect(() => autoname({ longest: 11 }, "bucket", naming())).toThrow(
    /^bucket would be Node-[\da-f]{7}, which has 12 characters; wanted at most 11 - give a shorter bucket$/,
  );
});
