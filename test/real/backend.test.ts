/** Our own file backend and the copies of a stack's files, through the real Pulumi CLI. */
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask, demand, openStack, type OpenStack } from "../../scripts/pulumi/openStack.ts";
import {
  createStack,
  deployedOutputs,
  forgetStack,
  readOutputs,
  readStack,
} from "../../scripts/pulumi/stackState.ts";
import { cliFile } from "../../scripts/setup/pulumiPaths.ts";
import { UserError } from "../../scripts/userError.ts";

// Each call of the CLI takes a moment, and other suites run beside this one.
jest.setTimeout(60_000);

const PROJECT = "name: turnkey\nruntime: nodejs\nconfig:\n  turn: {type: object, default: {}}\n";
const DEV = "# kept\nconfig:\n  turnkey:target: docker\n";

let folder: string;
let project: string;
let data: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "turnkey backend-"));
  project = join(folder, "project");
  data = join(folder, "data", "turnkey");
  mkdirSync(project);
  writeFileSync(join(project, "Pulumi.yaml"), PROJECT);
  writeFileSync(join(project, "Pulumi.dev.yaml"), DEV);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A user without a login, whose data folder and home lie in the test's folder. */
function open(more: Record<string, string> = {}, stack = "dev"): OpenStack {
  const env = {
    PATH: process.env["PATH"],
    HOME: folder,
    XDG_DATA_HOME: join(folder, "data"),
    ...more,
  };
  return openStack({ cli: cliFile(process.env), project, stack, env });
}

/** What the error says, mend included. */
async function told(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof UserError ? error.told() : `not a UserError: ${String(error)}`;
}

/** Puts a secret into the stack's state, as a deployment does. */
async function importSecret(stack: OpenStack): Promise<void> {
  const { configFile } = stack.files;
  await demand(stack, ["config", "set", "--secret", "it", '"s3cret"', "--config-file", configFile]);
  const config = readFileSync(configFile, "utf8");
  const [, ciphertext] = /secure: (\S+)/.exec(config) ?? [];
  const [, salt] = /encryptionsalt: (\S+)/.exec(config) ?? [];
  const deployment = {
    manifest: { time: "2026-01-01T00:00:00Z", magic: "", version: "" },
    secrets_providers: { type: "passphrase", state: { salt } },
    resources: [
      {
        urn: "urn:pulumi:dev::turnkey::pulumi:pulumi:Stack::turnkey-dev",
        custom: false,
        type: "pulumi:pulumi:Stack",
        // The key by which Pulumi marks special values, and the value that says "secret".
        outputs: {
          it: {
            "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
            ciphertext,
          },
        },
      },
    ],
  };
  const file = join(stack.files.folder, "state.json");
  writeFileSync(file, JSON.stringify({ version: 3, deployment }));
  await demand(stack, ["stack", "import", "--file", file]);
}

describe("a stack in our own backend", () => {
  test("is made and read without changing a file of the project", async () => {
    using stack = open();
    const config = { "turnkey:target": "docker", "turnkey:turn": "{}" };
    expect(await readStack(stack)).toBeUndefined();
    expect(await createStack(stack)).toEqual({ outputs: {}, config });
    expect(await readStack(stack)).toEqual({ outputs: {}, config });
    expect(readFileSync(join(project, "Pulumi.dev.yaml"), "utf8")).toBe(DEV);
    expect(readFileSync(join(project, "Pulumi.yaml"), "utf8")).toBe(PROJECT);
  });

  test("opens again with the generated passphrase, though each opening copies the file anew", async () => {
    {
      using stack = open();
      await createStack(stack);
      await importSecret(stack);
    }
    using again = open();
    expect(await readOutputs(again, { secrets: true })).toEqual({ it: "s3cret" });
    expect(await readOutputs(again, { secrets: false })).toEqual({ it: "[secret]" });
  });

  test("is told to be missing, or not deployed, with the command that mends it", async () => {
    using stack = open();
    expect(await told(deployedOutputs(stack))).toBe(
      'there is no stack "dev"\n  deploy it: npm run up',
    );
    await createStack(stack);
    expect(await told(deployedOutputs(stack))).toBe(
      'stack "dev" is not deployed: it has no outputs\n  deploy it: npm run up',
    );
  });

  test("says which passphrase is wrong, for state and for settings", async () => {
    using right = open();
    await createStack(right);
    await importSecret(right);
    using wrong = open({ PULUMI_CONFIG_PASSPHRASE: "another" });
    const message = await told(readOutputs(wrong, { secrets: true }));
    expect(message).toContain("wrong passphrase: the one in PULUMI_CONFIG_PASSPHRASE is not what");
    expect(message).toContain("unset PULUMI_CONFIG_PASSPHRASE");

    writeFileSync(join(project, "Pulumi.dev.yaml"), readFileSync(right.files.configFile));
    using salted = open({ PULUMI_CONFIG_PASSPHRASE: "another" });
    expect(await told(readStack(salted))).toContain("wrong passphrase");
  });

  test("leaves nothing behind when it was the last one", async () => {
    using stack = open();
    await createStack(stack);
    await importSecret(stack);
    await demand(stack, [
      "destroy",
      "--yes",
      "--skip-preview",
      "--config-file",
      stack.files.configFile,
    ]);
    await forgetStack(stack);
    expect(existsSync(join(data, "backend"))).toBe(false);
    expect(existsSync(join(data, "passphrase"))).toBe(false);
    expect(readFileSync(join(project, "Pulumi.dev.yaml"), "utf8")).toBe(DEV);
  });

  test("leaves backend and passphrase to the stacks that remain", async () => {
    writeFileSync(join(project, "Pulumi.two.yaml"), DEV);
    using first = open();
    using second = open({}, "two");
    await createStack(first);
    await createStack(second);
    await forgetStack(first);
    expect(await readOutputs(second, { secrets: true })).toEqual({});
    expect(existsSync(join(data, "passphrase"))).toBe(true);
  });

  test("leaves the passphrase when a stack's file holds secrets", async () => {
    using stack = open();
    await createStack(stack);
    writeFileSync(join(project, "Pulumi.dev.yaml"), readFileSync(stack.files.configFile));
    await forgetStack(stack);
    expect(existsSync(join(data, "backend"))).toBe(false);
    expect(existsSync(join(data, "passphrase"))).toBe(true);
  });
});

test("a backend of the user's is used as it is", async () => {
  const theirs = join(folder, "theirs");
  mkdirSync(theirs);
  const home = { PULUMI_BACKEND_URL: `file://${theirs}`, PULUMI_CONFIG_PASSPHRASE: "theirs" };
  using stack = open(home);
  await createStack(stack);
  expect((await ask(stack, ["stack", "export"])).code).toBe(0);
  expect(existsSync(join(theirs, ".pulumi", "stacks", "turnkey", "dev.json"))).toBe(true);
  await forgetStack(stack);
  expect(existsSync(join(theirs, ".pulumi", "meta.yaml"))).toBe(true);
  expect(existsSync(data)).toBe(false);
});
