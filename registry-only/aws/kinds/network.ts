import { text as textOf } from "../../provider/read.ts";
import type { AwsKind } from "../awsKind.ts";
import { awsTable, count, fixed, flag, found, required, text, withDefault } from "../fields.ts";
import { regionalArn } from "../place.ts";

/** `aws_vpc` (internal/service/ec2/vpc_.go). */
export const vpc: AwsKind = {
  table: awsTable({
    inputs: {
      cidrBlock: fixed(found(text)),
      enableDnsHostnames: found(flag),
      enableDnsSupport: withDefault(flag, true),
      enableNetworkAddressUsageMetrics: found(flag),
      instanceTenancy: withDefault(text, "default"),
    },
    outputs: [
      "arn",
      "defaultNetworkAclId",
      "defaultRouteTableId",
      "defaultSecurityGroupId",
      "dhcpOptionsId",
      "mainRouteTableId",
      "ownerId",
    ],
    tagged: true,
  }),
  id: ({ hex }) => `vpc-0${hex(16)}`,
  outputs: ({ place, hex }, id) => {
    const mainRouteTableId = `rtb-0${hex(16)}`;
    return {
      arn: regionalArn(place, "ec2", `vpc/${id}`),
      ownerId: place.account,
      defaultNetworkAclId: `acl-0${hex(16)}`,
      defaultRouteTableId: mainRouteTableId,
      defaultSecurityGroupId: `sg-0${hex(16)}`,
      dhcpOptionsId: `dopt-0${hex(16)}`,
      mainRouteTableId,
    };
  },
  held: {
    by: {
      "aws:ec2/subnet:Subnet": "vpcId",
      "aws:ec2/internetGateway:InternetGateway": "vpcId",
      "aws:ec2/routeTable:RouteTable": "vpcId",
      "aws:ec2/securityGroup:SecurityGroup": "vpcId",
    },
    code: "DependencyViolation",
  },
};

/** `aws_subnet` (internal/service/ec2/vpc_subnet.go). */
export const subnet: AwsKind = {
  table: awsTable({
    inputs: {
      vpcId: fixed(required(text)),
      cidrBlock: fixed(found(text)),
      availabilityZone: fixed(found(text)),
      availabilityZoneId: fixed(found(text)),
      mapPublicIpOnLaunch: withDefault(flag, false),
      assignIpv6AddressOnCreation: withDefault(flag, false),
      enableDns64: withDefault(flag, false),
      enableResourceNameDnsARecordOnLaunch: withDefault(flag, false),
      enableResourceNameDnsAaaaRecordOnLaunch: withDefault(flag, false),
      privateDnsHostnameTypeOnLaunch: found(text),
    },
    outputs: ["arn", "ownerId"],
    tagged: true,
  }),
  id: ({ hex }) => `subnet-0${hex(16)}`,
  outputs: ({ inputs, place }, id) => ({
    arn: regionalArn(place, "ec2", `subnet/${id}`),
    ownerId: place.account,
    availabilityZone: inputs["availabilityZone"] ?? `${place.region}a`,
    privateDnsHostnameTypeOnLaunch: inputs["privateDnsHostnameTypeOnLaunch"] ?? "ip-name",
  }),
  unique: { by: ["vpcId", "cidrBlock"], code: "InvalidSubnet.Conflict" },
  held: { by: { "aws:ec2/instance:Instance": "subnetId" }, code: "DependencyViolation" },
};

/** `aws_internet_gateway` (internal/service/ec2/vpc_internet_gateway.go): no input replaces. */
export const internetGateway: AwsKind = {
  table: awsTable({ inputs: { vpcId: found(text) }, outputs: ["arn", "ownerId"], tagged: true }),
  id: ({ hex }) => `igw-0${hex(16)}`,
  outputs: ({ place }, id) => ({
    arn: regionalArn(place, "ec2", `internet-gateway/${id}`),
    ownerId: place.account,
  }),
  unique: { by: ["vpcId"], code: "Resource.AlreadyAssociated" },
};

/** `aws_flow_log` (internal/service/ec2/vpc_flow_log.go). */
export const flowLog: AwsKind = {
  table: awsTable({
    inputs: {
      vpcId: fixed(text),
      subnetId: fixed(text),
      eniId: fixed(text),
      trafficType: fixed(text),
      iamRoleArn: fixed(text),
      logDestination: fixed(found(text)),
      logDestinationType: fixed(withDefault(text, "cloud-watch-logs")),
      logFormat: fixed(found(text)),
      maxAggregationInterval: fixed(withDefault(count, 600)),
    },
    outputs: ["arn"],
    tagged: true,
  }),
  id: ({ hex }) => `fl-0${hex(16)}`,
  outputs: ({ place }, id) => ({ arn: regionalArn(place, "ec2", `vpc-flow-log/${id}`) }),
};

/** `aws_route_table`: its VPC replaces (from its documentation; its source was not read). */
export const routeTable: AwsKind = {
  table: awsTable({
    inputs: { vpcId: fixed(required(text)) },
    outputs: ["arn", "ownerId"],
    tagged: true,
  }),
  id: ({ hex }) => `rtb-0${hex(16)}`,
  outputs: ({ place }, id) => ({
    arn: regionalArn(place, "ec2", `route-table/${id}`),
    ownerId: place.account,
  }),
  held: {
    by: { "aws:ec2/routeTableAssociation:RouteTableAssociation": "routeTableId" },
    code: "DependencyViolation",
  },
};

/** `aws_route` (internal/service/ec2/vpc_route.go). */
export const route: AwsKind = {
  table: awsTable({
    inputs: {
      routeTableId: fixed(required(text)),
      destinationCidrBlock: fixed(text),
      destinationIpv6CidrBlock: fixed(text),
      gatewayId: text,
      natGatewayId: text,
      networkInterfaceId: found(text),
    },
    outputs: ["instanceId", "instanceOwnerId", "origin", "state"],
  }),
  id: ({ inputs, hex }) => `r-${textOf(inputs, "routeTableId")}${hex(10)}`,
  outputs: () => ({
    instanceId: "",
    instanceOwnerId: "",
    origin: "CreateRoute",
    state: "active",
  }),
  unique: {
    by: ["routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock"],
    code: "RouteAlreadyExists",
  },
};

/** `aws_route_table_association` (internal/service/ec2/vpc_route_table_association.go). */
export const routeTableAssociation: AwsKind = {
  table: awsTable({
    inputs: {
      routeTableId: required(text),
      subnetId: fixed(text),
      gatewayId: fixed(text),
    },
  }),
  id: ({ hex }) => `rtbassoc-0${hex(16)}`,
  unique: { by: ["subnetId", "gatewayId"], code: "Resource.AlreadyAssociated" },
};
