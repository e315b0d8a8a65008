import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Architecture } from "../../settings/aws.ts";
import { newestAmi } from "./newestAmi.ts";
import { readyHook } from "./readyHook.ts";

export interface NodeArgs {
  readonly subnetId: pulumi.Input<string>;
  readonly securityGroupId: pulumi.Input<string>;
  /** Name of the instance profile. */
  readonly instanceProfile: pulumi.Input<string>;
  readonly instanceType: string;
  readonly architecture: Architecture;
  /** Amazon Linux 2023 image to boot; another one replaces the node. Default: the newest when the node is made, kept from then on. */
  readonly ami?: string | undefined;
  readonly volumeGib: number;
  readonly volumeKeyArn: pulumi.Input<string>;
  /** Known at preview (plan/userData.ts); another one replaces the node. */
  readonly userDataBase64: string;
  /** Of the Elastic IP. */
  readonly allocationId: pulumi.Input<string>;
  /** Where the edge answers `/readyz`. */
  readonly httpsPort: number;
  /** How long a new node may take to be ready. */
  readonly readyWithinSeconds: number;
  /** Whatever has to exist before a node boots; its values matter to nobody. */
  readonly bootsAfter: pulumi.Output<unknown>;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The machine. A new one boots beside the old on an address that AWS gives it, and gets the stack's own
 * only once it says there that it is ready; otherwise the update fails and the old one goes on.
 */
export class Node extends pulumi.ComponentResource {
  readonly instanceId: pulumi.Output<string>;
  /** Id of the association with the Elastic IP: settled once the address belongs to this node. */
  readonly associationId: pulumi.Output<string>;

  constructor(name: string, args: NodeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:aws:Node", name, {}, opts);
    const newest = newestAmi(args.architecture, { parent: this });
    const instance = this.boot(name, args, newest);
    const association = new aws.ec2.EipAssociation(
      `${name}-address`,
      { allocationId: args.allocationId, instanceId: instance.id, allowReassociation: true },
      {
        parent: this,
        hooks: {
          beforeCreate: [
            readyHook(`${name}-ready`, {
              instanceId: instance.id,
              bootAddress: instance.publicIp,
              httpsPort: args.httpsPort,
              patience: { seconds: args.readyWithinSeconds },
              tell: (text) => pulumi.log.info(text, instance),
            }),
          ],
        },
      },
    );
    tellOfNewerAmi(instance, newest);
    this.instanceId = instance.id;
    this.associationId = association.id;
    this.registerOutputs({ instanceId: this.instanceId, associationId: this.associationId });
  }

  private boot(name: string, args: NodeArgs, newest: pulumi.Output<string>): aws.ec2.Instance {
    const tags = { ...args.tags, Name: name };
    return new aws.ec2.Instance(
      // Other processors are another machine: the image that is kept would not boot on them.
      `${name}-instance-${args.architecture}`,
      {
        ami: args.ami ?? newest,
        instanceType: args.instanceType,
        subnetId: args.subnetId,
        vpcSecurityGroupIds: [args.securityGroupId],
        // To boot with: the Elastic IP takes its place.
        associatePublicIpAddress: true,
        iamInstanceProfile: args.instanceProfile,
        userDataBase64: args.userDataBase64,
        userDataReplaceOnChange: true,
        metadataOptions: {
          httpEndpoint: "enabled",
          httpTokens: "required",
          httpPutResponseHopLimit: 1,
          httpProtocolIpv6: "disabled",
          instanceMetadataTags: "disabled",
        },
        rootBlockDevice: {
          volumeType: "gp3",
          volumeSize: args.volumeGib,
          encrypted: true,
          kmsKeyId: args.volumeKeyArn,
          deleteOnTermination: true,
        },
        // Set as the volume is made, where tags of the device itself come after it.
        volumeTags: tags,
        maintenanceOptions: { autoRecovery: "default" },
        monitoring: true,
        ebsOptimized: true,
        tags,
      },
      {
        parent: this,
        dependsOn: args.bootsAfter.apply((): pulumi.Resource[] => []),
        // A newer image alone is no reason to end calls.
        ignoreChanges: args.ami === undefined ? ["ami"] : [],
      },
    );
  }
}

function tellOfNewerAmi(instance: aws.ec2.Instance, newest: pulumi.Output<string>): void {
  pulumi.all([instance.ami, newest]).apply(async ([runs, latest]) => {
    if (runs === latest) return;
    await pulumi.log.info(
      `there is a newer Amazon Linux 2023 image: the node has ${runs}, the newest is ${latest} - pulumi config set --path turnkey:aws.ami ${latest} takes it and replaces the node`,
      instance,
    );
  });
}
