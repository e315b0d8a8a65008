import { expect, test } from "@jest/globals";
import { requireRelease, type UnprotectOption } from "../../../scripts/commands/release.ts";
import { Refusal, UserError } from "../../../scripts/userError.ts";

const held = [{ type: "aws:ec2/eip:Eip", name: "host-address", id: "eipalloc-1" }];
const answering = (answer: string, terminal = true) => ({ terminal, ask: async () => answer });
const release = (unprotect: UnprotectOption, answer = "", terminal = true) =>
  requireRelease({ stack: "prod", held, unprotect }, answering(answer, terminal));

test("nothing is asked where nothing is protected", async () => {
  await requireRelease({ stack: "prod", held: [], unprotect: undefined }, answering("no"));
});

test("without the option the protected resources are named, with what releases them", async () => {
  const error: unknown = await release(undefined, "prod").catch((it: unknown) => it);
  expect(error).toBeInstanceOf(UserError);
  const told = error instanceof UserError ? error.told() : "";
  expect(told).toMatch(/host-address +aws:ec2\/eip:Eip +eipalloc-1/);
  expect(told).toContain("npm run down -- --stack prod --unprotect");
});

test("the stack's name releases them, typed or given", async () => {
  await release(true, " prod\n");
  await release("prod", "", false);
});

test.each<[string, UnprotectOption, string, boolean]>([
  ["another name is typed", true, "production", true],
  ["yes is typed", true, "y", true],
  ["another name is given", "dev", "prod", true],
  ["nobody can be asked", true, "prod", false],
])("nothing is released when %s", async (_claim, unprotect, answer, terminal) => {
  await expect(release(unprotect, answer, terminal)).rejects.toThrow(Refusal);
});
