import { beforeEach, describe, expect, test } from "@jest/globals";
import type { PolicyResource, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import * as z from "zod";
import { policiesOf } from "../../policy/policies.ts";
import type { ResourceRule, StackRule } from "../../policy/rule.ts";
import { rules } from "../../policy/rules/index.ts";
import type { Resource } from "../../policy/rule.ts";
import { atPreview, resource, UNKNOWN_AT_PREVIEW } from "../support/policy.ts";

const config = z.strictObject({ most: z.int().min(1).default(1).describe("The most") });
const size: ResourceRule<z.infer<typeof config>> = {
  name: "size",
  description: "Nothing is large.",
  level: "advisory",
  severity: "low",
  mirrors: ["CKV_1"],
  config,
  checkResource: ({ props, protect }, { most }) =>
    Number(props["size"]) > most && !protect
      ? [{ what: "is large", seen: "size is 2", mend: "make it small" }]
      : [],
};
/** Finds what is made of something else. */
const alone: StackRule = {
  name: "alone",
  description: "Everything stands alone.",
  level: "mandatory",
  severity: "high",
  mirrors: [],
  checkStack: (resources) =>
    resources
      .filter(({ dependencies }) => Object.values(dependencies).some((it) => it.length > 0))
      .map((it) => ({
        resource: it,
        what: "leans on something",
        seen: JSON.stringify(it.dependencies),
        mend: "take it away",
      })),
};

const told: string[] = [];
beforeEach(() => {
  told.splice(0);
});

const exceptions = [
  { name: "meant-so", rule: "size", matches: { name: "meant" }, reason: "it is well known" },
];
const [sizePolicy, alonePolicy] = policiesOf([size, alone], {
  exceptions,
  tell: (line) => told.push(line),
});

const OPTIONS = {
  ignoreChanges: [],
  aliases: [],
  customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
  additionalSecretOutputs: [],
};
const refuse = () => {
  throw new Error("nobody asks for this");
};
/** Of any type that a policy says it is, as the SDK has it. */
const settings = (given: object) => () => JSON.parse(JSON.stringify(given));
/** What the SDK hands to a policy (server.js of @pulumi/policy). */
const argsOf = ({ protect, ...it }: Resource, given: object = {}): ResourceValidationArgs => ({
  ...it,
  opts: { ...OPTIONS, protect },
  stackTags: new Map(),
  isType: refuse,
  asType: refuse,
  getConfig: settings(given),
  notApplicable: refuse,
});

async function reports(it: Resource, given?: object) {
  const found: unknown[][] = [];
  if (!sizePolicy || !("validateResource" in sizePolicy)) throw new Error("not a resource policy");
  const validate = sizePolicy.validateResource;
  if (typeof validate !== "function") throw new Error("not one function");
  await validate(argsOf(it, given), (message, urn) => found.push([message, urn]));
  return found;
}

const large = resource("a:b:Thing", { size: 2 }, { name: "large" });

describe("a rule about one resource", () => {
  test("is a policy of its name, level and severity", () => {
    expect(sizePolicy).toEqual(
      expect.objectContaining({
        name: "size",
        description: "Nothing is large.",
        enforcementLevel: "advisory",
        severity: "low",
        tags: ["CKV_1"],
        url: "docs/policies.md#size",
      }),
    );
  });

  test("reports what it finds, with the resource", async () => {
    expect(await reports(large)).toEqual([
      ["large: is large: size is 2 - make it small (like CKV_1)", large.urn],
    ]);
  });

  test("is given its configuration and the option protect", async () => {
    expect(await reports(large, { most: 2 })).toEqual([]);
    expect(await reports({ ...large, protect: true })).toEqual([]);
  });

  test("says what is wrong with a configuration", async () => {
    await expect(reports(large, { most: 0 })).rejects.toThrow("configuration of size is wrong");
  });

  test("leaves the SDK its error of a value that is not known yet", async () => {
    const late = atPreview(resource("a:b:Thing", { size: UNKNOWN_AT_PREVIEW }));
    await expect(reports(late)).rejects.toThrow("can't be known during preview");
  });

  test("tells an exception once, and reports nothing", async () => {
    const meant = { ...large, name: "meant" };
    expect([...(await reports(meant)), ...(await reports(meant))]).toEqual([]);
    expect(told).toEqual(["exception meant-so to size: it is well known"]);
  });
});

test("a rule about a stack is given what each input is made of", async () => {
  const whole = (it: Resource): PolicyResource => ({
    ...argsOf(it),
    dependencies: [],
    propertyDependencies: {},
    isType: refuse,
    asType: refuse,
  });
  const small = whole(resource("a:b:Thing", {}, { name: "small" }));
  const args: StackValidationArgs = {
    resources: [small, { ...whole(large), propertyDependencies: { size: [small] } }],
    stackTags: new Map(),
    getConfig: settings({}),
    notApplicable: refuse,
  };
  const found: unknown[][] = [];
  if (!alonePolicy || !("validateStack" in alonePolicy)) throw new Error("not a stack policy");
  await alonePolicy.validateStack(args, (message, urn) => found.push([message, urn]));
  expect(found).toEqual([[expect.stringContaining(`{"size":["${small.urn}"]}`), large.urn]]);
});

describe("what may be set for a rule", () => {
  const schemas = policiesOf(rules, { exceptions: [], tell: () => undefined });

  test("is its own configuration, with its defaults, and exceptions", () => {
    expect(sizePolicy?.configSchema?.properties).toEqual({
      most: {
        type: "integer",
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        default: 1,
        description: "The most",
      },
      exceptions: expect.objectContaining({ type: "array", default: [] }),
    });
  });

  test.each(schemas.map(({ name, configSchema }) => [name, configSchema] as const))(
    "of %s names nothing that the SDK keeps for itself, and has a default",
    (_, schema) => {
      const properties = Object.entries(schema?.properties ?? {});
      expect(properties.map(([key]) => key)).toContain("exceptions");
      expect(properties.map(([key]) => key)).not.toContain("enforcementLevel");
      for (const [, its] of properties) expect(its).toHaveProperty("default");
    },
  );
});
