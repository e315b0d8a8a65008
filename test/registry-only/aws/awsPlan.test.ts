import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startAws } from "../../support/recordedAws.ts";
import type { RecordedAws } from "../../support/recordedAws.ts";
import { objectAt, secret, unknownMark } from "../../support/recording.ts";
import type { JsonObject } from "../../support/recording.ts";

// A preview needs no cloud: none of these has one.
let aws: RecordedAws;
beforeAll(async () => {
  aws = await startAws({ cloud: false });
});
afterAll(() => aws.close());

const checked = async (kind: string, news: JsonObject, more: JsonObject = {}) => {
  const request = { type: `aws:${kind}`, name: "Node", randomSeed: "AQID", news, ...more };
  return objectAt(await aws.call("Check", request), "inputs");
};

/** What the engine would do with a changed program: replace, update or nothing. */
async function plan(kind: string, before: JsonObject, after: JsonObject) {
  const type = `aws:${kind}`;
  const { __defaults, ...olds } = await checked(kind, before);
  const news = await checked(kind, after);
  const answer = await aws.call("Diff", { type, olds, news });
  return {
    replaces: answer["replaces"] ?? [],
    updates: answer["changes"] === "DIFF_SOME" && answer["replaces"] === undefined,
    goesFirst: answer["deleteBeforeReplace"] ?? false,
  };
}

const preview = async (method: "Create" | "Update", kind: string, request: JsonObject) =>
  objectAt(
    await aws.call(method, { type: `aws:${kind}`, preview: true, ...request }),
    "properties",
  );

const INSTANCE = "ec2/instance:Instance";
const PARAMETER = "ssm/parameter:Parameter";
const INGRESS = "vpc/securityGroupIngressRule:SecurityGroupIngressRule";

describe("a change needs a new resource", () => {
  test.each<[string, JsonObject, JsonObject, string[]]>([
    [INSTANCE, { ami: "ami-1" }, { ami: "ami-2" }, ["ami"]],
    [
      INSTANCE,
      { rootBlockDevice: { encrypted: false } },
      { rootBlockDevice: { encrypted: true } },
      ["rootBlockDevice"],
    ],
    [
      INSTANCE,
      { userData: "a", userDataReplaceOnChange: true },
      { userData: "b", userDataReplaceOnChange: true },
      ["userData"],
    ],
    [INSTANCE, { userData: "a" }, { userData: "b", userDataReplaceOnChange: true }, ["userData"]],
    [
      "ec2/eipAssociation:EipAssociation",
      { instanceId: "i-1" },
      { instanceId: "i-2" },
      ["instanceId"],
    ],
    [
      "ec2/eipAssociation:EipAssociation",
      { allocationId: "eipalloc-1" },
      { allocationId: "eipalloc-1", allowReassociation: true },
      ["allowReassociation"],
    ],
    [
      "ec2/securityGroup:SecurityGroup",
      { description: "a" },
      { description: "b" },
      ["description"],
    ],
    [
      INGRESS,
      { securityGroupId: "sg-1", ipProtocol: "tcp", cidrIpv4: "0.0.0.0/0" },
      { securityGroupId: "sg-1", ipProtocol: "tcp", cidrIpv6: "::/0" },
      ["cidrIpv4", "cidrIpv6"],
    ],
    [
      PARAMETER,
      { type: "SecureString", tier: "Advanced" },
      { type: "SecureString", tier: "Standard" },
      ["tier"],
    ],
    [
      "ecr/lifecyclePolicy:LifecyclePolicy",
      { repository: "r", policy: "{}" },
      { repository: "r", policy: "[]" },
      ["policy"],
    ],
  ])("%s from %j to %j", async (kind, before, after, replaces) => {
    expect(await plan(kind, before, after)).toMatchObject({ replaces });
  });
});

describe("a change is made in place", () => {
  test.each<[string, JsonObject, JsonObject]>([
    [INSTANCE, { instanceType: "c7g.large" }, { instanceType: "c7g.xlarge" }],
    [INSTANCE, { userData: "a" }, { userData: "b" }],
    [INSTANCE, { rootBlockDevice: { volumeSize: 8 } }, { rootBlockDevice: { volumeSize: 9 } }],
    [
      INGRESS,
      { securityGroupId: "sg-1", ipProtocol: "tcp", cidrIpv4: "0.0.0.0/0", fromPort: 1 },
      { securityGroupId: "sg-1", ipProtocol: "tcp", cidrIpv4: "10.0.0.0/8", fromPort: 2 },
    ],
    [PARAMETER, { type: "SecureString", value: "a" }, { type: "SecureString", value: "b" }],
    [PARAMETER, { type: "String", tier: "Standard" }, { type: "String", tier: "Advanced" }],
    [
      "s3/bucketObjectv2:BucketObjectv2",
      { bucket: "b", key: "k", content: "a" },
      { bucket: "b", key: "k", content: "b" },
    ],
    [
      "cloudwatch/metricAlarm:MetricAlarm",
      { threshold: 0.5, alarmActions: ["a", "b"] },
      { threshold: 1.5, alarmActions: ["b", "a"] },
    ],
  ])("%s from %j to %j", async (kind, before, after) => {
    expect(await plan(kind, before, after)).toEqual({
      replaces: [],
      updates: true,
      goesFirst: false,
    });
  });
});

test("the order of actions, and what AWS finds by itself, are no changes", async () => {
  const kind = "cloudwatch/metricAlarm:MetricAlarm";
  const [ab, ba] = [{ alarmActions: ["a", "b"] }, { alarmActions: ["b", "a"] }];
  expect(await plan(kind, ab, ba)).toMatchObject({ replaces: [], updates: false });
  const found = { availabilityZone: "eu-central-1a" };
  expect(await plan(INSTANCE, found, {})).toMatchObject({ replaces: [], updates: false });
});

describe("a name", () => {
  const role = { assumeRolePolicy: "{}" };
  const olds = { __defaults: ["name"], name: "Node-1234567" };

  test("is made up from the seed, and listed as a default", async () => {
    const inputs = await checked("iam/role:Role", role);
    expect(inputs["name"]).toMatch(/^Node-[\da-f]{7}$/);
    expect(inputs["__defaults"]).toContain("name");
    expect(await checked("iam/role:Role", role)).toEqual(inputs);
  });

  test("stays in later checks", async () => {
    expect(await checked("iam/role:Role", role, { olds })).toMatchObject({ name: "Node-1234567" });
  });

  test("of a bucket is in lower case", async () => {
    expect(await checked("s3/bucket:Bucket", {})).toMatchObject({
      bucket: expect.stringMatching(/^node-[\da-f]{7}$/),
    });
  });

  test("is the stack's own where it has a rule", async () => {
    const autonaming = { mode: "ENFORCE", proposedName: "prod-node" };
    const inputs = await checked("iam/role:Role", role, { autonaming });
    expect(inputs).toMatchObject({ name: "prod-node" });
  });

  test("that the program gave makes the old resource go first, one made up does not", async () => {
    const [a, b] = [
      { ...role, path: "/a/" },
      { ...role, path: "/b/" },
    ];
    const made = await plan("iam/role:Role", a, b);
    const given = await plan("iam/role:Role", { ...a, name: "n" }, { ...b, name: "n" });
    expect(made).toMatchObject({ replaces: ["path"], goesFirst: false });
    expect(given).toMatchObject({ replaces: ["path"], goesFirst: true });
  });
});

describe("a preview", () => {
  const object = { bucket: "b", key: "k" };
  const state = { ...object, content: "a", contentType: "text/plain", versionId: "v1", etag: "e1" };

  test("of a new resource knows its inputs and tags, and not what AWS will answer", async () => {
    const properties = { cidrBlock: "10.0.0.0/16", tags: { Name: "a" } };
    expect(await preview("Create", "ec2/vpc:Vpc", { properties })).toMatchObject({
      cidrBlock: "10.0.0.0/16",
      tagsAll: { Name: "a" },
      arn: unknownMark,
      id: unknownMark,
      region: unknownMark,
    });
  });

  test("of changed content does not know the version that will come of it", async () => {
    const news = { ...object, content: "b" };
    const kind = "s3/bucketObjectv2:BucketObjectv2";
    expect(await preview("Update", kind, { id: "b/k", olds: state, news })).toMatchObject({
      content: "b",
      versionId: unknownMark,
      etag: unknownMark,
    });
  });

  test("of changed tags keeps the version", async () => {
    const news = { ...object, content: "a", tags: { Name: "b" } };
    const kind = "s3/bucketObjectv2:BucketObjectv2";
    expect(await preview("Update", kind, { id: "b/k", olds: state, news })).toMatchObject({
      versionId: "v1",
      etag: "e1",
      tagsAll: { Name: "b" },
    });
  });

  test("keeps a parameter's value a secret", async () => {
    const properties = { name: "/n", type: "SecureString", value: "hush" };
    expect(await preview("Create", PARAMETER, { properties })).toMatchObject({
      value: secret("hush"),
      version: unknownMark,
    });
  });
});

test("an input that no table knows is refused by name", async () => {
  const request = { type: `aws:${INSTANCE}`, name: "n", news: { launchTemplate: { id: "lt-1" } } };
  expect(await aws.call("Check", request)).toMatchObject({
    failures: [
      {
        property: "launchTemplate",
        reason: expect.stringMatching(
          /stand-in for aws does not know input launchTemplate of Instance/,
        ),
      },
    ],
  });
});
