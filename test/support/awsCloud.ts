/** A region of AWS as the fake engine sees it: what functions answer, and what resources come to. */
import { type Cloud, secret } from "./engine.ts";

export const NEWEST_AMI = "ami-0aaaaaaaaaaaaaaaa";
export const KEY_ARN = "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d";
/** Where a node boots. */
export const BOOT_ADDRESS = "127.0.0.1";

export const awsCloud: Cloud = {
  functions: {
    "aws:index/getCallerIdentity:getCallerIdentity": () => ({ accountId: "123456789012" }),
    "aws:index/getPartition:getPartition": () => ({ partition: "aws" }),
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": () => ({
      userName: "AWS",
      password: "a registry's password",
    }),
    "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({
      names: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
    }),
    "aws:ssm/getParameter:getParameter": ({ name }) => ({
      value: String(name).endsWith("arm64") ? NEWEST_AMI : NEWEST_AMI.replace(/a$/, "b"),
    }),
  },
  outputs: {
    "aws:ec2/instance:Instance": () => ({ publicIp: BOOT_ADDRESS }),
    "aws:ec2/eip:Eip": ({ name }) => ({ publicIp: "203.0.113.7", allocationId: `${name}-id` }),
    "aws:cloudwatch/logGroup:LogGroup": ({ inputs }) => ({
      arn: `arn:aws:logs:eu-central-1:123456789012:log-group:${String(inputs["name"])}`,
    }),
    "aws:iam/role:Role": ({ inputs }) => ({
      arn: `arn:aws:iam::123456789012:role/${String(inputs["name"])}`,
    }),
    "aws:kms/key:Key": () => ({ arn: KEY_ARN, keyId: "0a1b2c3d" }),
    "aws:ssm/parameter:Parameter": ({ inputs }) => ({
      arn: `arn:aws:ssm:eu-central-1:123456789012:parameter${String(inputs["name"])}`,
      version: 7,
      value: secret("a parameter's value"),
    }),
    "aws:s3/bucket:Bucket": ({ inputs }) => ({ arn: `arn:aws:s3:::${String(inputs["bucket"])}` }),
    "aws:ecr/repository:Repository": ({ inputs }) => ({
      arn: `arn:aws:ecr:eu-central-1:123456789012:repository/${String(inputs["name"])}`,
      registryId: "123456789012",
      repositoryUrl: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/${String(inputs["name"])}`,
    }),
    "aws:sns/topic:Topic": ({ inputs }) => ({
      arn: `arn:aws:sns:eu-central-1:123456789012:${String(inputs["name"])}`,
    }),
    "docker:index/image:Image": () => ({ repoDigest: "the-repository@sha256:the-digest" }),
  },
};
