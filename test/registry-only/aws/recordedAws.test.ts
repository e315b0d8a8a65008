import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { startAws } from "../../support/recordedAws.ts";
import type { Made, RecordedAws } from "../../support/recordedAws.ts";
import { secret } from "../../support/recording.ts";
import type { JsonObject } from "../../support/recording.ts";

let aws: RecordedAws;
beforeEach(async () => {
  aws = await startAws();
});
afterEach(() => aws.close());

const VPC = "ec2/vpc:Vpc";
const SUBNET = "ec2/subnet:Subnet";
const EIP = "ec2/eip:Eip";
const ASSOCIATION = "ec2/eipAssociation:EipAssociation";
const INSTANCE = "ec2/instance:Instance";
const PARAMETER = "ssm/parameter:Parameter";
const BUCKET = "s3/bucket:Bucket";
const OBJECT = "s3/bucketObjectv2:BucketObjectv2";

const requestOf = ({ type, name, id, inputs, state }: Made): JsonObject => ({
  type,
  name,
  id,
  inputs,
  properties: state,
});
const remove = (made: Made) => aws.call("Delete", requestOf(made));
const read = (made: Made) => aws.call("Read", requestOf(made));
const update = ({ type, name, id, inputs, state }: Made, changes: JsonObject) =>
  aws.call("Update", { type, name, id, olds: state, news: { ...inputs, ...changes } });
const parameter = (value: string) => ({ name: "/turnkey/dev/key", type: "SecureString", value });
const made = (id: string) => expect.objectContaining({ id });

const associate = (eip: Made, instance: Made, more: JsonObject = {}) =>
  aws.make(ASSOCIATION, "ip", { allocationId: eip.id, instanceId: instance.id, ...more });

const faultAt = (more: JsonObject) => [{ operation: "create", token: `aws:${VPC}`, ...more }];

async function logged(): Promise<JsonObject[]> {
  while (!readdirSync(aws.folder).includes("log.jsonl")) {
    // oxlint-disable-next-line no-await-in-loop -- waits for a line
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return aws.log();
}

describe("what is made looks as if AWS had made it", () => {
  test.each<[string, JsonObject, RegExp, object]>([
    [
      VPC,
      { cidrBlock: "10.1.0.0/16", tags: { Name: "a" } },
      /^vpc-0[\da-f]{16}$/,
      {
        arn: expect.stringMatching(/^arn:aws:ec2:eu-central-1:123456789012:vpc\/vpc-0/),
        enableDnsSupport: true,
        region: "eu-central-1",
        tagsAll: { Name: "a" },
      },
    ],
    [EIP, { domain: "vpc" }, /^eipalloc-0/, { publicIp: "127.78.0.1" }],
    [INSTANCE, { ami: "ami-1" }, /^i-0/, { publicIp: "127.77.0.1", sourceDestCheck: true }],
    [INSTANCE, { associatePublicIpAddress: false }, /^i-0/, { publicIp: "" }],
    [PARAMETER, parameter("x"), /^\/turnkey\/dev\/key$/, { version: 1 }],
  ])("%s from %j", async (kind, news, id, state) => {
    const it = await aws.make(kind, "it", news);
    expect(it.id).toMatch(id);
    expect(it.state).toMatchObject(state);
  });

  test.each([
    ["iam/role:Role", { assumeRolePolicy: "{}" }, "arn:aws:iam::123456789012:role/it-"],
    ["cloudwatch/logGroup:LogGroup", {}, "arn:aws:logs:eu-central-1:123456789012:log-group:it-"],
    ["ecr/repository:Repository", {}, "arn:aws:ecr:eu-central-1:123456789012:repository/it-"],
    ["kms/alias:Alias", { targetKeyId: "k" }, "arn:aws:kms:eu-central-1:123456789012:it-"],
    [BUCKET, {}, "arn:aws:s3:::it-"],
  ])("%s is named after the program's name for it", async (kind, news, arn) => {
    const { state } = await aws.make(kind, "it", news);
    expect(state["arn"]).toMatch(new RegExp(`^${arn}[\\da-f]{7}$`));
  });

  test("no address is given out twice, even when what had it is gone", async () => {
    await remove(await aws.make(INSTANCE, "a", {}));
    expect((await aws.make(INSTANCE, "b", {})).state["publicIp"]).toBe("127.77.0.2");
  });
});

describe("what is made can be looked at, changed and deleted", () => {
  test("reading finds what the state holds, until it is removed behind Pulumi's back", async () => {
    const vpc = await aws.make(VPC, "net", { cidrBlock: "10.1.0.0/16" });
    expect(await read(vpc)).toMatchObject({ id: vpc.id, properties: vpc.state });
    const folder = join(aws.folder, "cloud");
    rmSync(join(folder, readdirSync(folder)[0] ?? ""));
    expect(await read(vpc)).toEqual({});
  });

  test("reading finds what was changed behind Pulumi's back", async () => {
    const vpc = await aws.make(VPC, "net", { cidrBlock: "10.1.0.0/16", enableDnsHostnames: true });
    const file = join(aws.folder, "cloud", readdirSync(join(aws.folder, "cloud"))[0] ?? "");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace('"enableDnsHostnames": true', '"enableDnsHostnames": false'));
    expect(await read(vpc)).toMatchObject({ inputs: { enableDnsHostnames: false } });
  });

  test("a changed value of a parameter is its next version, a changed tag is not", async () => {
    const it = await aws.make(PARAMETER, "key", parameter("one"));
    expect(await update(it, { value: "two" })).toMatchObject({
      properties: { version: 2, value: secret("two") },
    });
    expect(await update(it, { tags: { Name: "b" } })).toMatchObject({
      properties: { version: 1, tagsAll: { Name: "b" } },
    });
  });

  test("changed content of an object is a new version of it, changed tags are not", async () => {
    const it = await aws.make(OBJECT, "doc", { bucket: "b", key: "k", content: "1" });
    const { versionId, etag } = it.state;
    const same = await update(it, { tags: { Name: "b" } });
    expect(same).toMatchObject({ properties: { versionId, etag } });
    const other = await update(it, { content: "2" });
    expect(other).toMatchObject({ properties: { content: "2" } });
    expect(other).not.toMatchObject({ properties: { versionId } });
    expect(other).not.toMatchObject({ properties: { etag } });
    expect(await read(it)).toMatchObject({ properties: { content: "2" } });
  });

  test("deleting twice is no error", async () => {
    const vpc = await aws.make(VPC, "net", {});
    await remove(vpc);
    await expect(remove(vpc)).resolves.toEqual({});
  });

  test("an update of what is gone fails", async () => {
    const vpc = await aws.make(VPC, "net", {});
    await remove(vpc);
    await expect(update(vpc, { tags: {} })).rejects.toThrow(/vpc-0\w+ does not exist/);
  });
});

describe("an Elastic IP", () => {
  test("becomes the instance's public address", async () => {
    const [eip, node] = [await aws.make(EIP, "ip", {}), await aws.make(INSTANCE, "node", {})];
    const association = await associate(eip, node);
    expect(await read(node)).toMatchObject({ properties: { publicIp: "127.78.0.1" } });
    expect(await read(eip)).toMatchObject({
      properties: { instance: node.id, associationId: association.id },
    });
  });

  test("moves only where that is allowed, and then the association it had is gone", async () => {
    const eip = await aws.make(EIP, "ip", {});
    const [old, node] = [await aws.make(INSTANCE, "a", {}), await aws.make(INSTANCE, "b", {})];
    const before = await associate(eip, old);
    await expect(associate(eip, node)).rejects.toThrow(/Resource\.AlreadyAssociated/);
    await associate(eip, node, { allowReassociation: true });
    expect(await read(before)).toEqual({});
    expect(await read(old)).toMatchObject({ properties: { publicIp: "127.77.0.1" } });
    await expect(remove(before)).resolves.toEqual({});
  });
});

describe("AWS has it only once", () => {
  test.each<[string, JsonObject, string]>([
    [BUCKET, { bucket: "b" }, "BucketAlreadyOwnedByYou"],
    [PARAMETER, parameter("x"), "ParameterAlreadyExists"],
    ["iam/role:Role", { name: "r", assumeRolePolicy: "{}" }, "EntityAlreadyExists"],
    ["iam/instanceProfile:InstanceProfile", { name: "p" }, "EntityAlreadyExists"],
    ["cloudwatch/logGroup:LogGroup", { name: "/l" }, "ResourceAlreadyExistsException"],
    ["ecr/repository:Repository", { name: "e" }, "RepositoryAlreadyExistsException"],
    ["kms/alias:Alias", { name: "alias/a", targetKeyId: "k" }, "AlreadyExistsException"],
    [
      "route53/record:Record",
      { zoneId: "Z", name: "a.example", type: "A", records: ["127.0.0.1"], ttl: 60 },
      "InvalidChangeBatch",
    ],
    ["budgets/budget:Budget", { name: "b", budgetType: "COST", timeUnit: "MONTHLY" }, "Duplicate"],
    [
      "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      { securityGroupId: "sg-1", ipProtocol: "tcp", fromPort: 1, toPort: 1, cidrIpv4: "0.0.0.0/0" },
      "InvalidPermission.Duplicate",
    ],
  ])("%s %j", async (kind, news, code) => {
    const first = await aws.make(kind, "one", news);
    await expect(aws.make(kind, "two", news)).rejects.toThrow(code);
    await remove(first);
    await expect(aws.make(kind, "two", news)).resolves.toMatchObject({ id: expect.any(String) });
  });

  test("two calls at once do not both get it", async () => {
    const both = ["one", "two"].map((name) => aws.make(BUCKET, name, { bucket: "b" }));
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  test("a DNS record is written over where that is allowed", async () => {
    const record = { zoneId: "Z", name: "a.example", type: "A", records: ["127.0.0.1"], ttl: 60 };
    await aws.make("route53/record:Record", "one", record);
    const overwriting = { ...record, allowOverwrite: true };
    await expect(aws.make("route53/record:Record", "two", overwriting)).resolves.toEqual(
      made("Z_a.example_A"),
    );
  });
});

describe("what is still needed is not deleted", () => {
  test("a network with a subnet in it", async () => {
    const vpc = await aws.make(VPC, "net", {});
    const subnet = await aws.make(SUBNET, "net-a", { vpcId: vpc.id });
    await expect(remove(vpc)).rejects.toThrow(
      `DependencyViolation: ${vpc.id} is still used by ${subnet.id}`,
    );
    await remove(subnet);
    await expect(remove(vpc)).resolves.toEqual({});
  });

  test("a group that an instance is in, one of several", async () => {
    const group = await aws.make("ec2/securityGroup:SecurityGroup", "g", {});
    await aws.make(INSTANCE, "node", { vpcSecurityGroupIds: ["sg-other", group.id] });
    await expect(remove(group)).rejects.toThrow(/DependencyViolation/);
  });

  test("a bucket with an object in it, unless it says so", async () => {
    const bucket = await aws.make(BUCKET, "b", { bucket: "b" });
    await aws.make(OBJECT, "o", { bucket: "b", key: "k" });
    await expect(remove(bucket)).rejects.toThrow(/BucketNotEmpty: b is still used by b\/k/);
    const forced = { ...bucket, state: { ...bucket.state, forceDestroy: true } };
    await expect(remove(forced)).resolves.toEqual({});
  });

  test("an instance with termination protection", async () => {
    const node = await aws.make(INSTANCE, "node", { disableApiTermination: true });
    await expect(remove(node)).rejects.toThrow(/OperationNotPermitted: disableApiTermination/);
  });
});

describe("the log", () => {
  test("has a line for each call, without secrets", async () => {
    const it = await aws.make(PARAMETER, "key", parameter("hush"));
    await read(it);
    await update(it, { value: "hush-2" });
    await remove(it);
    const subject = { token: `aws:${PARAMETER}`, name: "key", id: it.id };
    const inputs = { name: it.id, type: "SecureString", value: "[secret]" };
    expect(aws.log()).toEqual([
      { operation: "create", ...subject, inputs },
      { operation: "read", ...subject },
      { operation: "update", ...subject, inputs },
      { operation: "delete", ...subject },
    ]);
  });

  test("tells why a call failed", async () => {
    const vpc = await aws.make(VPC, "net", {});
    await aws.make(SUBNET, "net-a", { vpcId: vpc.id });
    await expect(remove(vpc)).rejects.toThrow();
    expect(aws.log().at(-1)).toMatchObject({
      operation: "delete",
      error: expect.stringMatching(/^Dep/),
    });
  });

  test("and the cloud are for their owner alone", async () => {
    await aws.make(PARAMETER, "key", parameter("hush"));
    const cloud = join(aws.folder, "cloud");
    const paths = [cloud, join(cloud, readdirSync(cloud)[0] ?? ""), join(aws.folder, "log.jsonl")];
    expect(paths.map((path) => statSync(path).mode & 0o077)).toEqual([0, 0, 0]);
  });
});

describe("a fault that a test asks for", () => {
  test("makes the calls it names fail before anything is done, as often as it says", async () => {
    aws.give("faults.json", faultAt({ name: "net", error: "VpcLimitExceeded", times: 2 }));
    for (let time = 1; time <= 2; time++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await expect(aws.make(VPC, "net", {})).rejects.toThrow("VpcLimitExceeded");
    }
    expect(readdirSync(aws.folder)).not.toContain("cloud");
    expect(aws.log()).toMatchObject([{ fault: 0, error: "VpcLimitExceeded" }, { fault: 0 }]);
    await expect(aws.make(VPC, "net", {})).resolves.toMatchObject({ name: "net" });
  });

  test("leaves other resources and operations alone", async () => {
    aws.give("faults.json", faultAt({ name: "net", error: "VpcLimitExceeded" }));
    await remove(await aws.make(VPC, "other", {}));
    await aws.make(EIP, "net", {});
  });

  test("makes an answer late: what was made is there before it comes", async () => {
    aws.give("faults.json", faultAt({ delayMs: 3_600_000 }));
    let answered = false;
    void aws.make(VPC, "net", {}).then(
      () => (answered = true),
      () => (answered = false),
    );
    await expect(logged()).resolves.toMatchObject([{ operation: "create", fault: 0 }]);
    expect(readdirSync(join(aws.folder, "cloud"))).toHaveLength(1);
    expect(answered).toBe(false);
  });

  test("that is no JSON is told with its file", async () => {
    writeFileSync(join(aws.folder, "faults.json"), "[");
    await expect(aws.make(VPC, "net", {})).rejects.toThrow(/faults\.json is no JSON/);
  });
});

test("without a recorded cloud nothing is made, looked at or deleted", async () => {
  const alone = await startAws({ cloud: false });
  const refusal =
    /stand-in for aws records deployments for tests only; deploy from a machine that can download the official plugin/;
  const type = `aws:${VPC}`;
  await expect(alone.make(VPC, "net", {})).rejects.toThrow(refusal);
  await expect(alone.call("Delete", { type, id: "vpc-1" })).rejects.toThrow(refusal);
  await expect(
    alone.call("Read", { type, id: "vpc-1", inputs: { cidrBlock: "10.0.0.0/16" } }),
  ).rejects.toThrow(refusal);
  alone.close();
});
