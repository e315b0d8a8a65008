import { beforeAll, describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { gunzipSync } from "node:zlib";
import { StackOutputs } from "../turn/outputs.ts";
import { holdsSecret, plain, type Registered, valueOf } from "./support/engine.ts";
import { deployProd } from "./support/programs.ts";

type Deployed = Awaited<ReturnType<typeof deployProd>>;

const SECRET = "a secret of one's own, long enough";

let bare: Deployed;
let full: Deployed;
beforeAll(async () => {
  bare = await deployProd();
  full = await deployProd({
    turn: { domain: "turn.example.com" },
    api: { domain: "api.example.com", signIn: { kind: "jwt", secret: SECRET } },
    aws: {
      region: "eu-central-1",
      zoneId: "Z0123456789ABCDEFGHIJ",
      dashboard: true,
      vpc: { flowLogs: true },
      alarms: { email: "ops@example.com", monthlyBudgetUsd: 200 },
      tags: { team: "calls" },
    },
  });
}, 120_000);

const list = ({ resources }: Deployed) => resources.map((it) => `${it.name} ${it.type}`).toSorted();

const cloudOnes = ({ resources }: Deployed) =>
  resources.filter((it) => /^(aws|docker|random):/.test(it.type));

test("stack prod declares this tree of resources", () => {
  expect(list(bare)).toMatchSnapshot();
});

test("with names, a zone and every setting that adds something it declares these besides", () => {
  const before = new Set(list(bare));
  expect(list(full).filter((it) => !before.has(it))).toMatchSnapshot();
});

test("with an image of one's own nothing is built, and there is no repository", async () => {
  const image = `registry.example.com/api@sha256:${"0".repeat(64)}`;
  const given = await deployProd({ api: { image, signIn: { kind: "jwt", secret: SECRET } } });
  const types = new Set(given.resources.map((it) => it.type));
  expect(
    [...types].filter((it) => /:(ecr|index)\/(repository|lifecyclePolicy|image)/.test(it)),
  ).toEqual([]);
  expect(given.resources.map((it) => it.name)).not.toContain("host-api-tag");
});

test("exports what the schema of outputs says, its secrets as secrets", async () => {
  const outputs: unknown = await valueOf(pulumi.output(full.result));
  expect(StackOutputs.parse(outputs)).toMatchObject({
    target: "aws",
    apiUrl: "https://api.example.com",
    livekitUrl: "wss://turn.example.com",
    cloud: { region: "eu-central-1", names: ["turn.example.com", "api.example.com"] },
  });
  for (const name of ["roomKey", "turnKey", "verifierKey"] as const)
    expect(await pulumi.isSecret(pulumi.output(full.result[name]))).toBe(true);
});

test("every resource lies in a component, and each component but the keys in the host", () => {
  const parents = new Map(full.resources.map((it) => [it.name, it.options.parent]));
  const roots = full.resources.filter(({ name }) => !parents.get(name));
  expect(roots.map((it) => it.name).toSorted()).toEqual(["aws", "host", "keys"]);
});

test("everything in AWS is declared with the provider of the stack's region", () => {
  const [provider] = full.ofType("pulumi:providers:aws");
  expect(provider?.inputs).toMatchObject({ region: "eu-central-1" });
  const others = full.resources.filter(
    (it) => it.type.startsWith("aws:") && !it.options.provider.includes("::aws::"),
  );
  expect(others.map((it) => it.name)).toEqual([]);
});

test("whatever has tags has the stack's, the user's and a name", () => {
  const tagged = full.resources.filter((it) => plain(it.inputs["tags"]) !== undefined);
  expect(tagged.length).toBeGreaterThan(30);
  for (const { name, inputs } of tagged)
    expect({ name, tags: plain(inputs["tags"]) }).toEqual({
      name,
      tags: { "turnkey:stack": "prod", team: "calls", Name: expect.any(String) },
    });
});

/** Inputs that hold a text somewhere outside of a secret. */
function inPlain({ resources }: Deployed, text: string): string[] {
  const shows = (value: unknown): boolean => {
    if (pulumi.runtime.isRpcSecret(value)) return false;
    if (typeof value === "string") return value.includes(text);
    return typeof value === "object" && value !== null && Object.values(value).some(shows);
  };
  return resources.filter((it) => shows(it.inputs)).map((it) => it.name);
}

const documentOf = ({ ofType }: Deployed): Registered | undefined =>
  ofType("aws:s3/bucketObjectv2:BucketObjectv2")[0];

const userDataOf = ({ ofType }: Deployed) =>
  ofType("aws:ec2/instance:Instance")[0]?.inputs["userDataBase64"];

const inputsOf = (it: Deployed) =>
  Object.fromEntries(cloudOnes(it).map(({ name, inputs }) => [name, plain(inputs)]));

/** A text as it is, or what was packed into it. */
function readable(text: string): string {
  const bytes = Buffer.from(text, "base64");
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes).toString() : text;
}

test("a secret that is in the clear in the stack's file stops the update before anything is declared", async () => {
  await expect(deployProd({}, [])).rejects.toThrow(
    /api\.signIn\.secret: given a secret in the clear, wanted an encrypted one - pulumi config set --secret --path turnkey:api\.signIn\.secret <value>/,
  );
});

test("so does a stack's name that AWS would refuse, in words of Pulumi's own and not as a crash", async () => {
  const refused = deployProd({}, undefined, "Prod");
  await expect(refused).rejects.toThrow(/the stack is called Prod, wanted lower case letters/);
  await expect(refused).rejects.toBeInstanceOf(pulumi.RunError);
});

describe("secrets", () => {
  test("are in the clear in no input: one's own, and every drawn one", () => {
    expect(inPlain(full, SECRET)).toEqual([]);
    const drawn = full.ofType("random:index/randomPassword:RandomPassword");
    expect(drawn.length).toBeGreaterThan(3);
    const parameters = full.ofType("aws:ssm/parameter:Parameter");
    expect(parameters.map((it) => holdsSecret(it.inputs["value"]))).toEqual(
      parameters.map(() => true),
    );
  });

  test("reach neither user data nor the node document", () => {
    for (const [type, input] of [
      ["aws:ec2/instance:Instance", "userDataBase64"],
      ["aws:s3/bucketObjectv2:BucketObjectv2", "content"],
    ] as const) {
      const [it] = full.ofType(type);
      expect(holdsSecret(it?.inputs[input])).toBe(false);
      expect(readable(String(it?.inputs[input]))).not.toContain(SECRET);
    }
  });
});

describe("what is only known while deploying", () => {
  test("rides beside the document: address, image, versions of secrets", () => {
    expect(documentOf(bare)?.inputs["metadata"]).toEqual({
      "node-address": "203.0.113.7",
      "api-image": "the-repository@sha256:the-digest",
      secrets: "iceSources=7,livekitKeys=7,roomKey=7,signIn=7,turnKey=7,userIdKey=7,verifierKey=7",
    });
  });

  test("is in no user data: another image, setting or key replaces no node", async () => {
    const other = await deployProd({
      livekit: { version: "1.13.10" },
      keys: { rotations: ["2026-10-01"] },
      turn: { credentialTtlSeconds: 600 },
    });
    expect(userDataOf(other)).toBe(userDataOf(bare));
    expect(documentOf(other)?.inputs["content"]).not.toBe(documentOf(bare)?.inputs["content"]);
  });
});

test("the node boots once all is there that it reads, writes to and is reached by", () => {
  const [instance] = full.ofType("aws:ec2/instance:Instance");
  expect(instance?.options.dependencies).toEqual(
    expect.arrayContaining([
      "host-documents-document",
      "host-logs-group",
      "host-role-policy",
      "host-role-key-policy",
      "host-role-profile",
      "host-network-internet",
      "host-network-routes-1",
      "host-firewall-in-https",
      "host-firewall-out-udp",
    ]),
  );
  const [document] = full.ofType("aws:s3/bucketObjectv2:BucketObjectv2");
  expect(document?.options.inputDependencies["metadata"]).toEqual(
    expect.arrayContaining(["host-address-eip", "host-secrets-roomKey", "host-api-image"]),
  );
});

test("no alarm is made before the address leads to a node that is ready, as all would ring", () => {
  const alarms = full.ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
  expect(alarms.length).toBeGreaterThan(5);
  for (const { name, options } of alarms)
    expect([name, options.dependencies]).toEqual([
      name,
      expect.arrayContaining(["host-node-address", "host-alarms-topic-policy"]),
    ]);
});

test("a budget is told to a topic that it may publish to already", () => {
  const [budget] = full.ofType("aws:budgets/budget:Budget");
  expect(budget?.options.dependencies).toContain("host-alarms-topic-policy");
});

test("the same settings declare the same", async () => {
  const again = await deployProd();
  expect(inputsOf(again)).toEqual(inputsOf(bare));
});
