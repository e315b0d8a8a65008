import { expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { requireRoom, SecretParameters } from "../../../components/aws/secretParameters.ts";
import { awsCloud, KEY_ARN } from "../../support/awsCloud.ts";
import { prod } from "../../support/awsPlace.ts";
import { deploy, holdsSecret, plain, valueOf } from "../../support/engine.ts";

const tags = (Name: string) => ({ ...prod.tags, Name });
const PARAMETER = "aws:ssm/parameter:Parameter";

const deploySecrets = () =>
  deploy(
    () =>
      new SecretParameters("secrets", {
        ...prod,
        keyArn: KEY_ARN,
        late: {
          roomKey: pulumi.secret("canary-room"),
          // Not marked by whoever made it.
          livekitKeys: pulumi.output("canary-livekit"),
        },
      }),
    { cloud: awsCloud },
  );

test("every secret is an encrypted parameter of its own, in the stack's path and under its key", async () => {
  const { ofType } = await deploySecrets();
  const common = { type: "SecureString", keyId: KEY_ARN, tier: "Intelligent-Tiering" };
  expect(ofType(PARAMETER).map((it) => [it.name, plain(it.inputs)])).toEqual([
    [
      "secrets-livekitKeys",
      {
        ...common,
        name: "/turnkey/prod/livekitKeys",
        value: "canary-livekit",
        tags: tags("/turnkey/prod/livekitKeys"),
      },
    ],
    [
      "secrets-roomKey",
      {
        ...common,
        name: "/turnkey/prod/roomKey",
        value: "canary-room",
        tags: tags("/turnkey/prod/roomKey"),
      },
    ],
  ]);
});

test("a value is a secret, whether whoever made it says so or not, and the rest is none", async () => {
  const { ofType } = await deploySecrets();
  for (const { inputs } of ofType(PARAMETER)) {
    const { value, ...rest } = inputs;
    expect([holdsSecret(value), holdsSecret(rest)]).toEqual([true, false]);
  }
});

test("the versions are told by name, in order, and hold nothing secret", async () => {
  const { result } = await deploySecrets();
  expect(await valueOf(result.versions)).toBe("livekitKeys=7,roomKey=7");
  expect(await pulumi.isSecret(result.versions)).toBe(false);
  expect(result.path).toBe("/turnkey/prod");
  expect(await valueOf(result.arns)).toEqual([
    "arn:aws:ssm:eu-central-1:123456789012:parameter/turnkey/prod/livekitKeys",
    "arn:aws:ssm:eu-central-1:123456789012:parameter/turnkey/prod/roomKey",
  ]);
});

test("a secret that Parameter Store cannot hold is refused by its name and size, and not told", () => {
  expect(requireRoom("certificateAndKey", "x".repeat(8192))).toHaveLength(8192);
  expect(() => requireRoom("certificateAndKey", "ü".repeat(4097))).toThrow(
    /^the secret certificateAndKey has 8194 bytes, wanted at most 8192[^ü]*$/,
  );
});
