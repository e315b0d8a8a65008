import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { keyAlias, type AwsPlace } from "../../plan/awsPlace.ts";
import { keyPolicy } from "../../plan/keyPolicy.ts";

/** Time to change one's mind about a key whose loss is the loss of all it encrypted; the longest KMS knows. */
const DELETION_DAYS = 30;

export interface EncryptionKeyArgs extends AwsPlace {
  readonly stack: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The stack's own KMS key, for secrets, documents, logs, messages and the node's volume; AWS renews it every year. */
export class EncryptionKey extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly keyId: pulumi.Output<string>;

  constructor(name: string, args: EncryptionKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:aws:EncryptionKey", name, {}, opts);
    const { stack, tags } = args;
    const key = new aws.kms.Key(
      `${name}-key`,
      {
        description: `Turnkey stack ${stack}`,
        enableKeyRotation: true,
        deletionWindowInDays: DELETION_DAYS,
        policy: JSON.stringify(keyPolicy(args, stack)),
        tags: { ...tags, Name: `turnkey-${stack}` },
      },
      { parent: this, protect: true },
    );
    new aws.kms.Alias(
      `${name}-alias`,
      { name: keyAlias(stack), targetKeyId: key.keyId },
      { parent: this },
    );
    this.arn = key.arn;
    this.keyId = key.keyId;
    this.registerOutputs({ arn: this.arn, keyId: this.keyId });
  }
}
