import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AwsPlace, nodeRoleName } from "../../plan/awsPlace.ts";
import { nodeKeyPermissions, nodePermissions, nodeTrust } from "../../plan/nodePermissions.ts";

export interface NodeRoleArgs extends AwsPlace {
  readonly stack: string;
  /** With the node document and the certificate. */
  readonly bucketName: string;
  readonly keyArn: pulumi.Input<string>;
  /** The one log group that the node writes to. */
  readonly logGroupName: string;
  /** The one namespace of CloudWatch metrics that the node publishes in. */
  readonly metricNamespace: string;
  /** Whether the API's image is in the stack's own repository. */
  readonly pullsImage: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * What the node is to AWS: a role for EC2 alone, with two policies of its own. What the first says is known
 * at preview; the second names the key, whose ARN is not.
 */
export class NodeRole extends pulumi.ComponentResource {
  readonly instanceProfileName: pulumi.Output<string>;
  /** Known once the node may do all that it has to: nothing boots before. */
  readonly ready: pulumi.Output<unknown>;

  constructor(name: string, args: NodeRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:aws:NodeRole", name, {}, opts);
    const { stack, keyArn, tags } = args;
    const roleName = nodeRoleName(stack, args);
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: roleName,
        description: `The node of Turnkey stack ${stack}`,
        assumeRolePolicy: JSON.stringify(nodeTrust),
        tags: { ...tags, Name: roleName },
      },
      { parent: this },
    );
    const input = { ...args, place: args };
    const own = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        name: "own-things",
        role: role.name,
        policy: JSON.stringify(nodePermissions(input)),
      },
      { parent: this },
    );
    const key = new aws.iam.RolePolicy(
      `${name}-key-policy`,
      {
        name: "own-key",
        role: role.name,
        policy: pulumi
          .output(keyArn)
          .apply((arn) => JSON.stringify(nodeKeyPermissions(input, arn))),
      },
      { parent: this },
    );
    const profile = new aws.iam.InstanceProfile(
      `${name}-profile`,
      { name: roleName, role: role.name, tags: { ...tags, Name: roleName } },
      { parent: this },
    );
    this.instanceProfileName = profile.name;
    this.ready = pulumi.all([own.id, key.id, profile.id]);
    this.registerOutputs({ instanceProfileName: this.instanceProfileName });
  }
}
