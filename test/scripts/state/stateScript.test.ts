import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stateScript } from "../../../scripts/state/stateScript.ts";

const place = {
  stack: "prod",
  bucket: "acme-state",
  region: "eu-central-1",
  keyAlias: "turnkey-state",
};

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "turnkey-state-script-"));
  // Writes down how it is called, an argument a line, and answers as AWS would.
  writeFileSync(
    join(folder, "aws"),
    `#!/bin/sh
{ printf '%s\\n' "$@"; echo --end--; } >> "$CALLS"
case "$1 $2" in
  "sts get-caller-identity") echo 123456789012 ;;
  "kms list-aliases") [ -z "$THERE" ] || echo key-old ;;
  "kms create-key") echo key-new ;;
  "s3api list-buckets") [ -z "$THERE" ] || echo acme-state ;;
esac
[ "$1 $2" != "$FAILING" ]
`,
  );
  chmodSync(join(folder, "aws"), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Circumstances {
  readonly there?: boolean;
  readonly failing?: string;
}

/** Runs the script with an AWS CLI that stands for AWS. Gives its calls, each as a list of arguments. */
function calls(script: string, { there = false, failing = "" }: Circumstances = {}): string[][] {
  const file = join(folder, "calls");
  writeFileSync(file, "");
  const env = {
    PATH: `${folder}:/usr/bin:/bin`,
    CALLS: file,
    THERE: there ? "1" : "",
    FAILING: failing,
  };
  try {
    execFileSync("sh", [], { input: script, env, stdio: ["pipe", "ignore", "ignore"] });
  } catch (error) {
    if (failing === "") throw error;
  }
  return readFileSync(file, "utf8")
    .split("--end--\n")
    .slice(0, -1)
    .map((call) => call.split("\n").slice(0, -1));
}

const named = (all: readonly string[][]) => all.map(([service, call]) => `${service} ${call}`);
const valueOf = (call: readonly string[] | undefined, option: string) =>
  call?.[call.indexOf(option) + 1] ?? "";
const find = (all: readonly string[][], name: string) => all.find((it) => it[1] === name);

test("a first run makes key and bucket, private, versioned and encrypted with that key", () => {
  const all = calls(stateScript(place));
  expect(named(all)).toEqual([
    "sts get-caller-identity",
    "kms list-aliases",
    "kms create-key",
    "kms create-alias",
    "kms enable-key-rotation",
    "s3api list-buckets",
    "s3api create-bucket",
    "s3api put-public-access-block",
    "s3api put-bucket-ownership-controls",
    "s3api put-bucket-versioning",
    "s3api put-bucket-lifecycle-configuration",
    "s3api put-bucket-encryption",
    "s3api put-bucket-policy",
  ]);
  const encryption: unknown = JSON.parse(
    valueOf(find(all, "put-bucket-encryption"), "--server-side-encryption-configuration"),
  );
  expect(encryption).toEqual({
    Rules: [
      {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "key-new" },
        BucketKeyEnabled: true,
      },
    ],
  });
  const policy: unknown = JSON.parse(valueOf(find(all, "put-bucket-policy"), "--policy"));
  expect(policy).toMatchObject({
    Statement: [{ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }],
  });
});

test("a second run makes nothing anew", () => {
  const all = calls(stateScript(place), { there: true });
  expect(named(all).filter((it) => it.includes("create"))).toEqual([]);
  expect(find(all, "enable-key-rotation")).toContain("key-old");
});

test("it ends at the first call that fails", () => {
  const all = calls(stateScript(place), { failing: "kms list-aliases" });
  expect(named(all)).toEqual(["sts get-caller-identity", "kms list-aliases"]);
});

const createdIn = (region: string) =>
  find(calls(stateScript({ ...place, region })), "create-bucket") ?? [];

test("us-east-1 is no location constraint", () => {
  expect(createdIn("us-east-1")).not.toContain("--create-bucket-configuration");
  expect(createdIn("eu-central-1")).toContain("LocationConstraint=eu-central-1");
});

test("it says what to do next, ready to be copied", () => {
  const script = stateScript(place);
  expect(script).toContain("export PULUMI_BACKEND_URL='s3://acme-state?region=eu-central-1'");
  expect(script).toContain(
    "npx pulumi stack init prod --secrets-provider 'awskms://alias/turnkey-state?region=eu-central-1'",
  );
});
