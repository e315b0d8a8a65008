import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startAws } from "../../support/recordedAws.ts";
import type { RecordedAws } from "../../support/recordedAws.ts";
import { secret } from "../../support/recording.ts";
import type { JsonObject } from "../../support/recording.ts";

let aws: RecordedAws;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws.close());

const invoke = (tok: string, args: JsonObject = {}, provider = aws) =>
  provider.call("Invoke", { tok: `aws:${tok}`, args });

const PARAMETER = "ssm/getParameter:getParameter";
const image = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";

describe("a function answers as AWS would", () => {
  test.each<[string, JsonObject, object]>([
    [
      "index/getCallerIdentity:getCallerIdentity",
      {},
      { accountId: "123456789012", arn: "arn:aws:iam::123456789012:user/deployer" },
    ],
    ["index/getPartition:getPartition", {}, { partition: "aws", dnsSuffix: "amazonaws.com" }],
    [
      "index/getAvailabilityZones:getAvailabilityZones",
      { state: "available" },
      {
        names: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
        zoneIds: ["euc1-az1", "euc1-az2", "euc1-az3"],
        state: "available",
      },
    ],
    [
      "index/getAvailabilityZones:getAvailabilityZones",
      { region: "us-east-1", excludeNames: ["us-east-1b"] },
      { names: ["us-east-1a", "us-east-1c"] },
    ],
    [
      PARAMETER,
      { name: image },
      { insecureValue: "ami-0a2023000000000a1", value: secret("ami-0a2023000000000a1") },
    ],
    [
      "ecr/getAuthorizationToken:getAuthorizationToken",
      {},
      {
        userName: "AWS",
        password: secret("recorded-password"),
        proxyEndpoint: "https://123456789012.dkr.ecr.eu-central-1.amazonaws.com",
      },
    ],
  ])("%s %j", async (tok, args, answer) => {
    expect(await invoke(tok, args)).toMatchObject({ return: answer });
  });
});

test("a test can let a newer image come out", async () => {
  aws.give("parameters.json", { [image]: "ami-0newer" });
  expect(await invoke(PARAMETER, { name: image })).toMatchObject({
    return: { insecureValue: "ami-0newer" },
  });
});

describe("what is not known is refused by name", () => {
  test("a function", async () => {
    await expect(invoke("ec2/getAmi:getAmi")).rejects.toThrow(
      /stand-in for aws does not know function aws:ec2\/getAmi:getAmi/,
    );
  });

  test("a parameter", async () => {
    await expect(invoke(PARAMETER, { name: "/mine" })).rejects.toThrow(
      /does not know parameter \/mine; it knows the public ones of Amazon Linux 2023/,
    );
  });

  test("an argument", async () => {
    const { failures } = await invoke(PARAMETER, { name: image, version: 3 });
    expect(failures).toEqual([
      { property: "version", reason: expect.stringMatching(/does not know input version of/) },
    ]);
  });

  test("a setting", async () => {
    const { failures } = await aws.call("CheckConfig", { news: { accessKey: "AKIA" } });
    expect(failures).toEqual([
      { property: "accessKey", reason: expect.stringMatching(/does not know input accessKey of/) },
    ]);
  });
});

describe("settings", () => {
  test("the account is the first one allowed, the partition the region's", async () => {
    const other = await startAws({ cloud: false });
    const args = { region: "cn-north-1", allowedAccountIds: '["210987654321"]' };
    await other.call("Configure", { args });
    const answer = await invoke("index/getCallerIdentity:getCallerIdentity", {}, other);
    expect(answer).toMatchObject({ return: { arn: "arn:aws-cn:iam::210987654321:user/deployer" } });
    other.close();
  });

  test("there must be a region", async () => {
    await expect(aws.call("Configure", { args: {} })).rejects.toThrow(
      "region is not given; wanted one such as eu-central-1 - set aws:region",
    );
  });

  test("another region needs another provider, another profile does not", async () => {
    const olds = { region: "eu-central-1", profile: "a" };
    const [moved, renamed] = [
      { ...olds, region: "eu-west-1" },
      { ...olds, profile: "b" },
    ];
    expect(await aws.call("DiffConfig", { olds, news: olds })).toEqual({ changes: "DIFF_NONE" });
    expect(await aws.call("DiffConfig", { olds, news: moved })).toMatchObject({
      replaces: ["region"],
    });
    expect(await aws.call("DiffConfig", { olds, news: renamed })).toEqual({
      changes: "DIFF_SOME",
      diffs: ["profile"],
    });
  });
});
