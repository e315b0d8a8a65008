import { describe, expect, test } from "@jest/globals";
import { Network, type NetworkArgs } from "../../../components/aws/network.ts";
import { awsCloud } from "../../support/awsCloud.ts";
import { deploy, valueOf } from "../../support/engine.ts";

const tags = { "turnkey:stack": "prod", team: "media" };

const deployNetwork = (changed: Partial<NetworkArgs> = {}, cloud = awsCloud) =>
  deploy(
    () =>
      new Network("net", {
        stack: "prod",
        vpc: { cidr: "10.77.0.0/24", flowLogs: false },
        region: "eu-central-1",
        accountId: "123456789012",
        partition: "aws",
        logRetentionDays: 30,
        logKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1",
        tags,
        ...changed,
      }),
    { cloud },
  );

const tagged = (name: string) => ({ ...tags, Name: name });

const zonesOf = async (changed: Partial<NetworkArgs>) =>
  (await deployNetwork(changed))
    .ofType("aws:ec2/subnet:Subnet")
    .map(({ inputs, options }) => [inputs["availabilityZone"], options.ignoreChanges]);

describe("a network of the stack's own", () => {
  test("is a VPC with two public subnets in two zones, and nothing that is not needed", async () => {
    const { resources } = await deployNetwork();
    const made = resources.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).toSorted();
    expect(made).toEqual([
      "DefaultSecurityGroup net-default-group",
      "InternetGateway net-gateway",
      "Network net",
      "Route net-internet",
      "RouteTable net-routes",
      "RouteTableAssociation net-routes-1",
      "RouteTableAssociation net-routes-2",
      "Subnet net-subnet-1",
      "Subnet net-subnet-2",
      "Vpc net-vpc",
    ]);
    const children = resources.filter((it) => it.name !== "net");
    expect(children.map((it) => it.options.parent)).toEqual(children.map(() => "net"));
  });

  test("has addresses in the block that was asked for", async () => {
    const { ofType, result } = await deployNetwork();
    expect(ofType("aws:ec2/vpc:Vpc").map((it) => it.inputs)).toEqual([
      {
        cidrBlock: "10.77.0.0/24",
        enableDnsSupport: true,
        enableDnsHostnames: true,
        tags: tagged("net-vpc"),
      },
    ]);
    expect(ofType("aws:ec2/subnet:Subnet").map((it) => it.inputs)).toEqual([
      {
        vpcId: "net-vpc-id",
        cidrBlock: "10.77.0.0/26",
        availabilityZone: "eu-central-1a",
        mapPublicIpOnLaunch: false,
        tags: tagged("net-subnet-1"),
      },
      {
        vpcId: "net-vpc-id",
        cidrBlock: "10.77.0.64/26",
        availabilityZone: "eu-central-1b",
        mapPublicIpOnLaunch: false,
        tags: tagged("net-subnet-2"),
      },
    ]);
    expect(result.cidr).toBe("10.77.0.0/24");
    expect(await valueOf(result.vpcId)).toBe("net-vpc-id");
    expect(await Promise.all(result.subnetIds.map((it) => valueOf(it)))).toEqual([
      "net-subnet-1-id",
      "net-subnet-2-id",
    ]);
  });

  test("leads both subnets to the internet", async () => {
    const { ofType, result } = await deployNetwork();
    expect(ofType("aws:ec2/route:Route").map((it) => it.inputs)).toEqual([
      {
        routeTableId: "net-routes-id",
        destinationCidrBlock: "0.0.0.0/0",
        gatewayId: "net-gateway-id",
      },
    ]);
    const associations = ofType("aws:ec2/routeTableAssociation:RouteTableAssociation");
    expect(associations.map((it) => it.inputs)).toEqual(
      [1, 2].map((it) => ({ subnetId: `net-subnet-${it}-id`, routeTableId: "net-routes-id" })),
    );
    expect(await valueOf(result.ready)).toEqual([
      "net-internet-id",
      "net-routes-1-id",
      "net-routes-2-id",
    ]);
    const gateways = ofType("aws:ec2/internetGateway:InternetGateway");
    expect(gateways.map((it) => it.inputs)).toEqual([
      { vpcId: "net-vpc-id", tags: tagged("net-gateway") },
    ]);
  });

  test("closes the group that AWS puts into every VPC", async () => {
    const { ofType } = await deployNetwork();
    const groups = ofType("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
    expect(groups.map((it) => it.inputs)).toEqual([
      { vpcId: "net-vpc-id", ingress: [], egress: [], tags: tagged("net-default-group") },
    ]);
  });

  test("keeps the zones that it was made in, unless they are named", async () => {
    expect(await zonesOf({})).toEqual([
      ["eu-central-1a", ["availabilityZone"]],
      ["eu-central-1b", ["availabilityZone"]],
    ]);
    expect(await zonesOf({ zones: ["eu-central-1c", "eu-central-1a"] })).toEqual([
      ["eu-central-1c", []],
      ["eu-central-1a", []],
    ]);
  });

  test("counts only availability zones, not local ones", async () => {
    const asked: unknown[] = [];
    const zones = "aws:index/getAvailabilityZones:getAvailabilityZones";
    const functions = {
      [zones]: (inputs: Record<string, unknown>) => {
        asked.push(inputs["filters"]);
        return { names: ["eu-central-1a", "eu-central-1b"] };
      },
    };
    await deployNetwork({}, { ...awsCloud, functions });
    expect(asked).toEqual([1, 2].map(() => [{ name: "zone-type", values: ["availability-zone"] }]));
  });
});

describe("flow logs", () => {
  const logged = { vpc: { cidr: "10.77.0.0/24", flowLogs: true } };

  test("go encrypted to a group of their own, which forgets", async () => {
    const { ofType } = await deployNetwork(logged);
    expect(ofType("aws:cloudwatch/logGroup:LogGroup").map((it) => it.inputs)).toEqual([
      {
        name: "/turnkey/prod/flow-logs",
        retentionInDays: 30,
        kmsKeyId: "arn:aws:kms:eu-central-1:123456789012:key/1",
        tags: tagged("/turnkey/prod/flow-logs"),
      },
    ]);
    const [log] = ofType("aws:ec2/flowLog:FlowLog");
    expect(log?.inputs).toEqual({
      vpcId: "net-vpc-id",
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: "arn:aws:logs:eu-central-1:123456789012:log-group:/turnkey/prod/flow-logs",
      iamRoleArn: "arn:aws:iam::123456789012:role/turnkey-prod-eu-central-1-flow-logs",
      tags: tagged("net-flow-logs"),
    });
    expect(log?.options.dependencies).toContain("net-flow-logs-policy");
  });

  test("are written by a role that can do nothing else, for this account alone", async () => {
    const { ofType } = await deployNetwork(logged);
    const [role] = ofType("aws:iam/role:Role");
    expect(role?.inputs).toMatchObject({
      name: "turnkey-prod-eu-central-1-flow-logs",
      tags: tagged("turnkey-prod-eu-central-1-flow-logs"),
    });
    expect(JSON.parse(String(role?.inputs["assumeRolePolicy"]))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "vpc-flow-logs.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        },
      ],
    });
    const [policy] = ofType("aws:iam/rolePolicy:RolePolicy");
    expect(policy?.inputs["role"]).toBe("turnkey-prod-eu-central-1-flow-logs");
    expect(JSON.parse(String(policy?.inputs["policy"]))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          Resource: "arn:aws:logs:eu-central-1:123456789012:log-group:/turnkey/prod/flow-logs:*",
        },
      ],
    });
  });
});

test("a network that is given is taken as it is", async () => {
  const { result, resources } = await deployNetwork({
    vpc: {
      cidr: "172.31.0.0/16",
      id: "vpc-0123456789abcdef0",
      subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
      flowLogs: false,
    },
  });
  expect(resources.map((it) => it.name)).toEqual(["net"]);
  expect(result.cidr).toBe("172.31.0.0/16");
  expect(await valueOf(result.vpcId)).toBe("vpc-0123456789abcdef0");
  expect(await Promise.all(result.subnetIds.map((it) => valueOf(it)))).toEqual([
    "subnet-0123456789abcdef0",
    "subnet-0123456789abcdef1",
  ]);
});
