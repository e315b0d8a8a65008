import { gzipSync } from "node:zlib";
import { noPlainSecrets } from "../../../../policy/rules/aws/noPlainSecrets.ts";
import { noSecretsInEnvironment } from "../../../../policy/rules/aws/noSecretsInEnvironment.ts";
import { noSecretsInUserData } from "../../../../policy/rules/aws/noSecretsInUserData.ts";
import { type Props, resource } from "../../../support/policy.ts";
import { describeRule } from "../../../support/ruleTable.ts";

const LOADER = `#!/bin/bash
set -euo pipefail
token=$(curl -sf -X PUT http://169.254.169.254/latest/api/token -H "X-aws-ec2-metadata-token-ttl-seconds: 60")
aws s3 cp s3://turnkey-prod-documents/node/agent.py /opt/turnkey/agent.py
echo "6f5902ac237024bdd0c176cb93063dc4e1f5a7bb5b0e0b2d1c9c6e9f0b3f5d7a  agent.py" | sha256sum --check
`;
const PASSWORD = `${LOADER}export DB_PASSWORD=correct-horse-battery\n`;

const instance = (props: Props) => resource("aws:ec2/instance:Instance", props, { name: "node" });
const base64 = (text: string | Buffer) => Buffer.from(text).toString("base64");
const wrapped = (text: string) =>
  (text.match(/.{1,60}/g) ?? []).map((it) => `      ${it}`).join("\n");
const cloudConfig = (encoding: string, content: string) =>
  `#cloud-config\nwrite_files:\n  - path: /etc/app\n    encoding: ${encoding}\n    content: ${content}\n`;

describeRule(noSecretsInUserData, {
  passes: {
    "a loader that reads them later": instance({ userData: LOADER }),
    "the loader in base64": instance({ userDataBase64: base64(LOADER) }),
    "the loader in gzip": instance({ userDataBase64: base64(gzipSync(LOADER)) }),
    "no user data": instance({}),
    "another kind of resource": resource("aws:ec2/vpc:Vpc", { userData: PASSWORD }),
  },
  fails: {
    "a password": [
      instance({ userData: PASSWORD }),
      "node: has a secret in its user data: userData holds a value that is called a secret - let",
    ],
    "a password in base64": [
      instance({ userDataBase64: base64(PASSWORD) }),
      "userDataBase64 holds a value that is called a secret",
    ],
    "a password in gzip": [
      instance({ userDataBase64: base64(gzipSync(PASSWORD)) }),
      "userDataBase64 holds",
    ],
    "a file of cloud-init": [
      instance({ userData: cloudConfig("b64", base64("secret_key: correct-horse-battery\n")) }),
      "userData holds a value that is called a secret",
    ],
    "a file of cloud-init in gzip, broken into lines": [
      instance({
        userData: cloudConfig("gz+b64", `|\n${wrapped(base64(gzipSync(PASSWORD)))}`),
      }),
      "userData holds a value that is called a secret",
    ],
    "a file of cloud-init within gzip": [
      instance({ userDataBase64: base64(gzipSync(cloudConfig("b64", base64(PASSWORD)))) }),
      "userDataBase64 holds",
    ],
    "a launch template": [
      resource("aws:ec2/launchTemplate:LaunchTemplate", { userData: base64(PASSWORD) }),
      "LaunchTemplate: has a secret",
    ],
  },
});

const lambda = (variables: Props) =>
  resource("aws:lambda/function:Function", { environment: { variables } });
const task = (environment: readonly Props[]) =>
  resource("aws:ecs/taskDefinition:TaskDefinition", {
    containerDefinitions: JSON.stringify([{ name: "web" }, { name: "api", environment }]),
  });

describeRule(noSecretsInEnvironment, {
  passes: {
    "a function that is told where": lambda({
      SECRET_NAME: "/app/prod",
      DB_PASSWORD_FILE: "/run/db",
    }),
    "a function without an environment": resource("aws:lambda/function:Function", {}),
    "a task that is told where": task([{ name: "TOKEN_PATH", value: "/run/token" }]),
    "definitions that are no JSON": resource("aws:ecs/taskDefinition:TaskDefinition", {
      containerDefinitions: "[",
    }),
  },
  fails: {
    "a password": [
      lambda({ DB_PASSWORD: "correct-horse-battery" }),
      "Function: has a secret in its environment: the variable DB_PASSWORD holds a value that is called a secret",
    ],
    "a key pair under a plain name": [
      lambda({ LEVEL: "info", CONFIG: "id AKIAIOSFODNN7EXAMPLE" }),
      "the variable CONFIG holds an AWS access key id",
    ],
    "a password of the second container": [
      task([{ name: "API_SECRET", value: "correct-horse-battery" }]),
      "the variable API_SECRET holds",
    ],
  },
});

const parameter = (type: string, props: Props) =>
  resource("aws:ssm/parameter:Parameter", { type, ...props });
const PEM = "-----BEGIN EC PRIVATE KEY-----\nMHc\n-----END EC PRIVATE KEY-----\n";

describeRule(noPlainSecrets, {
  passes: {
    "a SecureString": parameter("SecureString", { value: PEM }),
    "a plain value": parameter("String", { value: "ami-0abcdef1234567890" }),
    "a document": resource("aws:s3/bucketObjectv2:BucketObjectv2", {
      content: JSON.stringify({ services: [{ image: `livekit@sha256:${"0".repeat(64)}` }] }),
    }),
    "another kind of resource": resource("aws:ec2/vpc:Vpc", { value: PEM }),
  },
  fails: {
    "a key in a String": [
      parameter("String", { value: PEM }),
      "Parameter: holds a secret in plain text: value holds a private key - put it into a SecureString",
    ],
    "a key in a list": [parameter("StringList", { insecureValue: PEM }), "insecureValue holds"],
    "a key in an object": [
      resource("aws:s3/bucketObject:BucketObject", { content: JSON.stringify({ key: PEM }) }),
      "content holds a private key",
    ],
    "a key in an object's base64": [
      resource("aws:s3/bucketObjectv2:BucketObjectv2", { contentBase64: base64(PEM) }),
      "contentBase64 holds a private key",
    ],
  },
});
