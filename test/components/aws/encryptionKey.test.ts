import { expect, test } from "@jest/globals";
import { EncryptionKey } from "../../../components/aws/encryptionKey.ts";
import { keyPolicy } from "../../../plan/keyPolicy.ts";
import { awsCloud, KEY_ARN } from "../../support/awsCloud.ts";
import { frankfurt, prod } from "../../support/awsPlace.ts";
import { deploy, valueOf } from "../../support/engine.ts";

const deployKey = () => deploy(() => new EncryptionKey("key", prod), { cloud: awsCloud });

test("the key renews itself, is protected, and waits as long as it can before it is gone", async () => {
  const { result, ofType } = await deployKey();
  const [key] = ofType("aws:kms/key:Key");
  expect(key?.name).toBe("key-key");
  expect(key?.inputs).toEqual({
    description: "Turnkey stack prod",
    enableKeyRotation: true,
    deletionWindowInDays: 30,
    policy: JSON.stringify(keyPolicy(frankfurt, "prod")),
    tags: { "turnkey:stack": "prod", team: "calls", Name: "turnkey-prod" },
  });
  expect(key?.options).toMatchObject({ protect: true, parent: "key" });
  expect(await valueOf(result.arn)).toBe(KEY_ARN);
});

test("it goes by an alias of the stack's name", async () => {
  const { result, ofType } = await deployKey();
  expect(ofType("aws:kms/alias:Alias").map((it) => it.inputs)).toEqual([
    { name: "alias/turnkey-prod", targetKeyId: await valueOf(result.keyId) },
  ]);
});
