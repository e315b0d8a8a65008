import { expect, test } from "@jest/globals";
import { customerKey } from "../../../../policy/rules/aws/customerKey.ts";
import { detailedMonitoring } from "../../../../policy/rules/aws/detailedMonitoring.ts";
import { ebsOptimized } from "../../../../policy/rules/aws/ebsOptimized.ts";
import { elasticIpAttached } from "../../../../policy/rules/aws/elasticIpAttached.ts";
import { imdsHopLimit } from "../../../../policy/rules/aws/imdsHopLimit.ts";
import { imdsV2 } from "../../../../policy/rules/aws/imdsV2.ts";
import { instanceRole } from "../../../../policy/rules/aws/instanceRole.ts";
import { noKeyPair } from "../../../../policy/rules/aws/noKeyPair.ts";
import { publicAddressByElasticIp } from "../../../../policy/rules/aws/publicAddressByElasticIp.ts";
import { userDataSize } from "../../../../policy/rules/aws/userDataSize.ts";
import { volumesEncrypted } from "../../../../policy/rules/aws/volumesEncrypted.ts";
import {
  atPreview,
  messages,
  type Props,
  resource,
  UNKNOWN_AT_PREVIEW,
} from "../../../support/policy.ts";
import { describeRule } from "../../../support/ruleTable.ts";

const GOOD: Props = {
  metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
  rootBlockDevice: { encrypted: true, kmsKeyId: "arn:aws:kms:r:1:key/k" },
  iamInstanceProfile: "node",
  monitoring: true,
  ebsOptimized: true,
  associatePublicIpAddress: false,
  userData: "#!/bin/sh\n",
};
const instance = (change: Props = {}) =>
  resource("aws:ec2/instance:Instance", { ...GOOD, ...change }, { name: "node" });
const template = (props: Props) => resource("aws:ec2/launchTemplate:LaunchTemplate", props);
const other = resource("aws:ec2/vpc:Vpc", {});

describeRule(imdsV2, {
  passes: {
    "an instance that asks for tokens": instance(),
    "an instance without a metadata service": instance({
      metadataOptions: { httpEndpoint: "disabled" },
    }),
    "another kind of resource": other,
  },
  fails: {
    "optional tokens": [
      instance({ metadataOptions: { httpTokens: "optional" } }),
      'node: answers metadata requests without a session token: metadataOptions.httpTokens is "optional" - set metadataOptions.httpTokens to "required" (like CKV_AWS_79',
    ],
    "no word about tokens": [instance({ metadataOptions: {} }), "httpTokens is not set"],
    "no metadata options": [instance({ metadataOptions: undefined }), "httpTokens is not set"],
    "a launch template without them": [template({}), "LaunchTemplate: answers metadata requests"],
  },
});

describeRule(imdsHopLimit, {
  passes: {
    "one hop": instance(),
    "no metadata service": instance({ metadataOptions: { httpEndpoint: "disabled" } }),
    "another kind of resource": other,
  },
  fails: {
    "two hops": [
      instance({ metadataOptions: { httpPutResponseHopLimit: 2 } }),
      "metadataOptions.httpPutResponseHopLimit is 2 - set",
    ],
    "the AMI's choice": [instance({ metadataOptions: {} }), "httpPutResponseHopLimit is not set"],
    "a launch template with 64": [
      template({ metadataOptions: { httpPutResponseHopLimit: 64 } }),
      "httpPutResponseHopLimit is 64",
    ],
  },
});

describeRule(volumesEncrypted, {
  passes: {
    "an encrypted root volume": instance(),
    "encrypted data volumes": instance({ ebsBlockDevices: [{ encrypted: true }] }),
    "an encrypted volume": resource("aws:ebs/volume:Volume", { encrypted: true }),
    "a template that encrypts": template({ blockDeviceMappings: [{ ebs: { encrypted: "true" } }] }),
    "a template with a device that is no volume": template({
      blockDeviceMappings: [{ virtualName: "ephemeral0" }],
    }),
  },
  fails: {
    "a plain root volume": [
      instance({ rootBlockDevice: { encrypted: false } }),
      "rootBlockDevice.encrypted is false - set rootBlockDevice.encrypted to true",
    ],
    "a root volume of the AMI's": [
      instance({ rootBlockDevice: undefined }),
      "rootBlockDevice.encrypted is not set",
    ],
    "the second of two data volumes": [
      instance({ ebsBlockDevices: [{ encrypted: true }, {}] }),
      "ebsBlockDevices[1].encrypted is not set",
    ],
    "a plain volume": [resource("aws:ebs/volume:Volume", {}), "Volume: has a volume"],
    "a template that does not": [
      template({ blockDeviceMappings: [{ ebs: { encrypted: "false" } }] }),
      'blockDeviceMappings[0].ebs.encrypted is "false"',
    ],
  },
});

const encryption = (byDefault: Props) =>
  resource(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    { rules: [{ applyServerSideEncryptionByDefault: byDefault }] },
  );
const OWN = "arn:aws:kms:r:1:key/k";

describeRule(customerKey, {
  passes: {
    "a volume with a key": instance(),
    "a key that the same update makes": atPreview(
      instance({ rootBlockDevice: { encrypted: true, kmsKeyId: UNKNOWN_AT_PREVIEW } }),
    ),
    "a SecureString with a key": resource("aws:ssm/parameter:Parameter", {
      type: "SecureString",
      keyId: OWN,
    }),
    "a plain parameter, which has none": resource("aws:ssm/parameter:Parameter", {
      type: "String",
    }),
    "a bucket with a key": encryption({ sseAlgorithm: "aws:kms", kmsMasterKeyId: OWN }),
    "a topic with a key": resource("aws:sns/topic:Topic", { kmsMasterKeyId: "alias/mine" }),
    "a log group with a key": resource("aws:cloudwatch/logGroup:LogGroup", { kmsKeyId: OWN }),
    "a repository, unless it is asked for": resource("aws:ecr/repository:Repository", {}),
    "a kind that is not asked for": {
      of: resource("aws:sns/topic:Topic", {}),
      config: { kinds: ["parameter"] },
    },
  },
  fails: {
    "a volume with the account's key": [
      instance({ rootBlockDevice: { encrypted: true } }),
      "rootBlockDevice.kmsKeyId is not set - set rootBlockDevice.kmsKeyId to an aws.kms.Key of the stack",
    ],
    "a SecureString with the account's key": [
      resource("aws:ssm/parameter:Parameter", { type: "SecureString" }),
      "keyId is not set",
    ],
    "a SecureString that names AWS's key": [
      resource("aws:ssm/parameter:Parameter", { type: "SecureString", keyId: "alias/aws/ssm" }),
      'keyId is "alias/aws/ssm"',
    ],
    "a bucket with S3's key": [
      encryption({ sseAlgorithm: "AES256", kmsMasterKeyId: OWN }),
      "rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId is not set",
    ],
    "a bucket with KMS and no key": [encryption({ sseAlgorithm: "aws:kms" }), "is not set"],
    "a topic in the clear": [resource("aws:sns/topic:Topic", {}), "kmsMasterKeyId is not set"],
    "a log group with AWS's key": [
      resource("aws:cloudwatch/logGroup:LogGroup", {}),
      "kmsKeyId is not set",
    ],
    "a repository where it is asked for": [
      {
        of: resource("aws:ecr/repository:Repository", {
          encryptionConfigurations: [{ encryptionType: "AES256" }],
        }),
        config: { kinds: ["repository"] },
      },
      "encryptionConfigurations[0].kmsKey is not set",
    ],
  },
});

describeRule(instanceRole, {
  passes: {
    "an instance with a profile": instance(),
    "a profile that the same update makes": atPreview(
      instance({ iamInstanceProfile: UNKNOWN_AT_PREVIEW }),
    ),
    "another kind of resource": other,
  },
  fails: {
    "an instance without one": [
      instance({ iamInstanceProfile: undefined }),
      "iamInstanceProfile is not set",
    ],
    "an empty name": [instance({ iamInstanceProfile: "" }), "node: has no role"],
  },
});

describeRule(noKeyPair, {
  passes: { "an instance without a key pair": instance(), "another kind of resource": other },
  fails: {
    "a key pair": [instance({ keyName: "laptop" }), 'keyName is "laptop" - leave keyName out'],
    "a key pair that the same update makes": [
      atPreview(instance({ keyName: UNKNOWN_AT_PREVIEW })),
      "keyName is known after the deployment",
    ],
  },
});

describeRule(publicAddressByElasticIp, {
  passes: {
    "an instance that says no": instance(),
    "an instance that leaves it to its subnet": instance({
      associatePublicIpAddress: undefined,
      subnetId: "subnet-1",
    }),
    "a subnet that says no": resource("aws:ec2/subnet:Subnet", { mapPublicIpOnLaunch: false }),
  },
  fails: {
    "an instance that draws an address": [
      instance({ associatePublicIpAddress: true }),
      "associatePublicIpAddress is true - set associatePublicIpAddress to false",
    ],
    "an instance in the default VPC that does not say": [
      instance({ associatePublicIpAddress: undefined }),
      "associatePublicIpAddress is not set, nor is subnetId",
    ],
    "a subnet that gives one to all": [
      resource("aws:ec2/subnet:Subnet", { mapPublicIpOnLaunch: true }),
      "mapPublicIpOnLaunch is true",
    ],
    "a launch template's interface": [
      template({ networkInterfaces: [{ associatePublicIpAddress: "true" }] }),
      "networkInterfaces[0].associatePublicIpAddress is true",
    ],
  },
});

const eip = (props: Props = {}) => resource("aws:ec2/eip:Eip", props, { name: "address" });
const association = (props: Props, made: boolean) =>
  resource("aws:ec2/eipAssociation:EipAssociation", props, {
    dependencies: made ? { allocationId: [eip()] } : {},
  });

describeRule(elasticIpAttached, {
  passes: {
    "an address with an association": [eip(), association({}, true)],
    "one whose association gives its id": [
      eip({ allocationId: "eipalloc-1" }),
      association({ allocationId: "eipalloc-1" }, false),
    ],
    "an address of an instance by its id": eip({ instance: "i-1" }),
    "an address of an instance of the program": resource(
      "aws:ec2/eip:Eip",
      {},
      { dependencies: { instance: [instance()] } },
    ),
    "an address of a NAT gateway": [
      eip(),
      resource("aws:ec2/natGateway:NatGateway", {}, { dependencies: { allocationId: [eip()] } }),
    ],
  },
  fails: {
    "an address alone": [eip(), "address: is an address that nothing holds"],
    "an address alone, whose outputs are not known": [
      atPreview(eip({ instance: UNKNOWN_AT_PREVIEW, networkInterface: UNKNOWN_AT_PREVIEW })),
      "address: is an address that nothing holds",
    ],
    "an association of another address": [
      [eip({ allocationId: "eipalloc-1" }), association({ allocationId: "eipalloc-2" }, false)],
      "address: is an address that nothing holds",
    ],
  },
});

describeRule(detailedMonitoring, {
  passes: {
    "an instance with it": instance(),
    "a template with it": template({ monitoring: { enabled: true } }),
    "another kind of resource": other,
  },
  fails: {
    "an instance without": [instance({ monitoring: false }), "monitoring is false"],
    "a template without": [template({}), "monitoring.enabled is not set - set monitoring.enabled"],
  },
});

describeRule(ebsOptimized, {
  passes: { "an instance with it": instance(), "another kind of resource": other },
  fails: {
    "an instance that does not say": [
      instance({ ebsOptimized: undefined }),
      "ebsOptimized is not set",
    ],
    "a template that says no": [template({ ebsOptimized: "false" }), 'ebsOptimized is "false"'],
  },
});

const KIB_16 = 16 * 1024;

describeRule(userDataSize, {
  passes: {
    "16 KiB": instance({ userData: "a".repeat(KIB_16) }),
    "16 KiB in base64": instance({
      userData: undefined,
      userDataBase64: Buffer.alloc(KIB_16).toString("base64"),
    }),
    "no user data": instance({ userData: undefined }),
  },
  fails: {
    "a byte more": [
      instance({ userData: "a".repeat(KIB_16 + 1) }),
      "userData has 16385 bytes - keep it within 16384 bytes",
    ],
    "as many letters of two bytes": [
      instance({ userData: "é".repeat(KIB_16) }),
      "userData has 32768 bytes",
    ],
    "more in base64": [
      instance({
        userData: undefined,
        userDataBase64: Buffer.alloc(KIB_16 + 1).toString("base64"),
      }),
      "userDataBase64 has 16385 bytes",
    ],
  },
});

test.each([
  ["metadataOptions", [imdsV2, imdsHopLimit]],
  ["rootBlockDevice", [volumesEncrypted]],
  ["monitoring", [detailedMonitoring]],
  ["ebsOptimized", [ebsOptimized]],
] as const)("%s that is not known yet is judged while deploying", (key, rules) => {
  const late = atPreview(instance({ [key]: UNKNOWN_AT_PREVIEW }));
  expect(rules.flatMap((rule) => messages(rule, late))).toEqual([]);
});
