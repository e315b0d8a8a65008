import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployCloud } from "../../../scripts/commands/deployCloud.ts";
import type { OpenStack } from "../../../scripts/pulumi/openStack.ts";
import { Refusal } from "../../../scripts/userError.ts";
import { prodPlan } from "../../support/plans.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "turnkey-deploy-cloud-"));
  // Stands for the CLI: writes down how it is called, and the events of a change into the log it is given.
  writeFileSync(
    join(folder, "pulumi"),
    `#!/bin/sh
echo "$@" >> '${folder}/calls'
while [ $# -gt 0 ]; do
  if [ "$1" = --event-log ]; then cp '${folder}/planned' "$2"; fi
  shift
done
exit "\${CODE:-0}"
`,
  );
  chmodSync(join(folder, "pulumi"), 0o755);
  writeFileSync(join(folder, "calls"), "");
  const metadata = {
    op: "replace",
    type: "aws:ec2/instance:Instance",
    urn: "urn:pulumi:prod::turnkey::aws:ec2/instance:Instance::host-node-instance",
  };
  plans({ resourcePreEvent: { metadata } }, { summaryEvent: {} });
});
const plans = (...events: readonly object[]) =>
  writeFileSync(join(folder, "planned"), events.map((it) => JSON.stringify(it)).join("\n"));
afterEach(() => rmSync(folder, { recursive: true }));

const open = (env: Record<string, string> = {}): OpenStack => ({
  cli: join(folder, "pulumi"),
  project: folder,
  stack: "prod",
  env: { PATH: process.env["PATH"], ...env },
  backend: { owner: "user", chosenBy: "PULUMI_BACKEND_URL" },
  passphrase: { owner: "turnkey", file: join(folder, "passphrase") },
  files: {
    folder,
    configFile: join(folder, "Pulumi.prod.yaml"),
    hasSettings: true,
    [Symbol.dispose]: () => undefined,
  },
  [Symbol.dispose]: () => undefined,
});

const deployment = (answer: string, { policy = true, yes = false } = {}) => ({
  plan: prodPlan(),
  policy,
  extra: ["--diff"],
  consent: { yes, terminal: true, ask: async () => answer },
});
const calls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");

test("it is previewed and judged, asked about, then made under the same policies", async () => {
  expect(await deployCloud(open(), deployment("y"))).toBe(0);
  const [preview = "", up = "", ...more] = calls();
  expect(more).toEqual([]);
  const judged = `--policy-pack policy --policy-pack-config ${join(folder, "policy.json")} --diff`;
  expect(preview).toMatch(/^preview --stack prod /);
  expect(preview).toContain(judged);
  expect(up).toMatch(/^up --stack prod /);
  expect(up).toContain(`--yes --skip-preview ${judged}`);
  const config: unknown = JSON.parse(readFileSync(join(folder, "policy.json"), "utf8"));
  expect(JSON.stringify(config)).toContain('"80/tcp"');
});

test("what --yes answers is still previewed first: rules over a stack are judged at the end of one", async () => {
  expect(await deployCloud(open(), deployment("", { yes: true }))).toBe(0);
  expect(calls().map((it) => it.split(" ")[0])).toEqual(["preview", "up"]);
});

test("no is no", async () => {
  await expect(deployCloud(open(), deployment("n"))).rejects.toThrow(Refusal);
  expect(calls().map((it) => it.split(" ")[0])).toEqual(["preview"]);
});

test("a preview that fails, as by a policy, ends it", async () => {
  expect(await deployCloud(open({ CODE: "255" }), deployment("y"))).toBe(255);
  expect(calls().filter((it) => it.startsWith("up"))).toEqual([]);
});

test("without policies none is asked", async () => {
  await deployCloud(open(), deployment("y", { policy: false }));
  expect(calls()).toHaveLength(2);
  expect(calls().join()).not.toContain("--policy-pack");
});

test("nothing is made where what would change is not known to its end", async () => {
  plans({ preludeEvent: {} });
  await expect(deployCloud(open(), deployment("y"))).rejects.toThrow("has no end");
  expect(calls().filter((it) => it.startsWith("up"))).toEqual([]);
});

test("who has agreed to other keys is asked again where the machine is replaced", async () => {
  const question = { ...deployment("n"), isAgreed: true };
  await expect(deployCloud(open(), question)).rejects.toThrow(Refusal);
});
