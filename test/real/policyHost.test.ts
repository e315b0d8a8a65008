/** Policy packs through the stand-in for the language host, with the real CLI; nothing is deployed. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { registryOnlyProgram } from "../support/registryOnlyProgram.ts";
import type { RegistryOnlyProgram } from "../support/registryOnlyProgram.ts";
import { isRunning, until } from "../support/until.ts";

const rules = `
  import * as pulumi from "@pulumi/pulumi";
  import * as random from "@pulumi/random";
  import { PolicyPack, validateResourceOfType } from "@pulumi/policy";
  import type { Policies } from "@pulumi/policy";

  const stack: string = pulumi.getProject() + "/" + pulumi.getStack();
  const policies: Policies = [
    {
      name: "long-enough",
      description: "A text that is drawn has a least length.",
      enforcementLevel: "mandatory",
      configSchema: { properties: { least: { type: "number", default: 8 } } },
      validateResource: validateResourceOfType(random.RandomString, (text, args, report) => {
        const { least } = args.getConfig<{ least: number }>();
        if (text.length < least) report(text.length + " characters are fewer than " + least);
      }),
    },
    {
      name: "tells-what-for",
      description: "A text that is drawn tells what it is for.",
      enforcementLevel: "advisory",
      validateResource: validateResourceOfType(random.RandomString, (text, _args, report) => {
        const asked: string = new pulumi.Config().require("length");
        if (!text.keepers) report(stack + " asks for " + asked + " and tells not what for");
      }),
    },
    {
      name: "only-two",
      description: "A stack draws two texts at most.",
      enforcementLevel: "mandatory",
      validateStack: ({ resources }, report) => {
        const drawn = resources.filter((it) => it.isType(random.RandomString));
        if (drawn.length > 2) report(drawn.length + " texts are more than 2");
      },
    },
  ];
  new PolicyPack("sample-policy", { policies });
`;

// The layout of Turnkey's own pack.
const pack = (folder: string, source: string) => ({
  [`${folder}/PulumiPolicy.yaml`]: "runtime: nodejs\nversion: 0.1.0\n",
  [`${folder}/package.json`]:
    '{ "name": "sample-policy", "version": "0.1.0", "type": "module", "main": "index.js" }',
  [`${folder}/index.js`]: 'import "./pack.ts";\n',
  [`${folder}/pack.ts`]: source,
});

const program = {
  "Pulumi.yaml": "name: sample\nruntime: { name: nodejs, options: { typescript: false } }\n",
  "package.json": '{ "name": "sample", "type": "module", "main": "index.ts" }',
  "index.ts": `
    import * as pulumi from "@pulumi/pulumi";
    import * as random from "@pulumi/random";
    const config: pulumi.Config = new pulumi.Config();
    const length: number = config.requireNumber("length");
    for (let i = 0; i < config.requireNumber("texts"); i++)
      new random.RandomString("text" + i, { length });
    if (config.getBoolean("wait")) await new Promise(() => setInterval(() => {}, 1000));
  `,
  ...pack("policy", rules),
  ...pack("broken", "const least: number = ;"),
};

let sample: RegistryOnlyProgram;

beforeAll(async () => {
  sample = await registryOnlyProgram(program);
}, 120_000);

afterAll(() => sample.remove());

/** What the program asks for. */
async function asks(length: number, texts: number) {
  await sample.run("config", "set", "length", String(length));
  await sample.run("config", "set", "texts", String(texts));
}

/** The folder of a pack. */
const folderOf = (name: string) => join(sample.folder, "program", name);
const policy = () => ["--policy-pack", folderOf("policy")];

test("a preview is refused with what each rule found, told which stack it looks at", async () => {
  await asks(5, 3);
  const { code, output } = await sample.attempt("preview", ...policy());
  expect(code).not.toBe(0);
  expect(output).toContain("[mandatory]  long-enough  (random:index:RandomString: text0)");
  expect(output).toContain("5 characters are fewer than 8");
  expect(output).toMatch(/\[mandatory\] {2}only-two [^]*3 texts are more than 2/);
  expect(output).toMatch(/\[advisory\] {2}tells-what-for [^]*sample\/dev asks for 5 and tells not/);
}, 120_000);

test("an update is refused before anything is made", async () => {
  const { code, output } = await sample.attempt("up", "--yes", ...policy());
  expect(code).not.toBe(0);
  expect(output).toContain("5 characters are fewer than 8");
  expect(await sample.run("stack", "export")).not.toContain("RandomString");
}, 120_000);

test("levels and values of rules are set by a file", async () => {
  const file = join(sample.folder, "policyConfig.json");
  const values = { "long-enough": { least: 4 }, "only-two": "advisory" };
  await writeFile(file, JSON.stringify(values));
  const output = await sample.run("preview", ...policy(), "--policy-pack-config", file);
  expect(output).toMatch(/\[advisory\] {2}only-two [^]*3 texts are more than 2/);
  expect(output).not.toContain("long-enough");
}, 120_000);

test("what keeps the rules is previewed", async () => {
  await asks(9, 2);
  const output = await sample.run("preview", ...policy());
  expect(output).toMatch(/\+ 3 to create/);
  expect(output).not.toContain("[mandatory]");
}, 120_000);

test("a pack that cannot be loaded says why", async () => {
  const { code, output } = await sample.attempt("preview", "--policy-pack", folderOf("broken"));
  expect(code).not.toBe(0);
  expect(output).toContain(`the policy pack in ${folderOf("broken")} ended with exit code`);
  expect(output).toMatch(/broken\/pack\.ts:1\n\s*const least: number = ;[^]*SyntaxError/);
}, 120_000);

test("no pack outlives a CLI that was killed", async () => {
  await sample.run("config", "set", "wait", "true");
  const child = sample.start("preview", ...policy());
  const pids = await until(async () => {
    const packs = await packsUnder(sample.folder);
    return packs.length > 0 ? packs : undefined;
  }, 60_000);
  child.kill("SIGKILL");
  await until(() => (pids.some(isRunning) ? undefined : true), 20_000);
}, 120_000);

/** The processes of packs in a folder. */
async function packsUnder(folder: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return pids
    .filter((_, i) => lines[i]?.includes("run-policy-pack") && lines[i].includes(folder))
    .map(Number);
}
