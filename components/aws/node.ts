import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Architecture } from "../../settings/aws.ts";
import { appliedHook } from "./appliedHook.ts";
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
  /** The Elastic IP itself. */
  readonly publicIp: pulumi.Output<string>;
  /** Where the edge answers `/readyz`. */
  readonly httpsPort: number;
  /** Version of the document object, which the node has to run. */
  readonly documentVersion: pulumi.Output<string>;
  /** How long a new node may take to be ready. */
  readonly readyWithinSeconds: number;
  /** How long a node may take to run another document, with the calls that it lets end before. */
  readonly appliedWithinSeconds: number;
  /** Whatever has to exist before a node boots; its values matter to nobody. */
  readonly bootsAfter: pulumi.Output<unknown>;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The machine. A new one boots beside the old on an address that AWS gives it, and gets the stack's own
 * only once it says there that it is ready; otherwise the update fails and the old one goes on. Another
 * document ends the update well only once the node runs it.
 */
export class Node extends pulumi.ComponentResource {
  readonly instanceId: pulumi.Output<string>;
  /** Id of the association with the Elastic IP: settled once the address belongs to this node. */
  readonly associationId: pulumi.Output<string>;

  constructor(name: string, args: NodeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:aws:Node", name, {}, opts);
    const newest = newestAmi(args.architecture, { parent: this });
    const instance = this.boot(name, args, newest);
    const association = this.move(name, args, instance);
    this.record(name, args, { instance, association });
    tellOfNewerAmi(instance, newest);
    this.instanceId = instance.id;
    this.associationId = association.id;
    this.registerOutputs({ instanceId: this.instanceId, associationId: this.associationId });
  }

  /** Gives the stack's address to the instance, once that is ready. */
  private move(name: string, args: NodeArgs, instance: aws.ec2.Instance): aws.ec2.EipAssociation {
    const { allocationId, httpsPort, documentVersion } = args;
    const isReady = readyHook(`${name}-ready`, {
      instanceId: instance.id,
      bootAddress: instance.publicIp,
      httpsPort,
      documentVersion,
      patience: { seconds: args.readyWithinSeconds },
      tell: (text) => pulumi.log.info(text, instance),
    });
    return new aws.ec2.EipAssociation(
      `${name}-address`,
      { allocationId, instanceId: instance.id, allowReassociation: true },
      { parent: this, hooks: { beforeCreate: [isReady] } },
    );
  }

  /**
   * Notes in the state which document the node was seen to run, and asks it before. What was not seen is
   * not noted, so that the next update asks again, even if nothing else changes.
   */
  private record(
    name: string,
    { publicIp, httpsPort, documentVersion, appliedWithinSeconds }: NodeArgs,
    node: { readonly instance: aws.ec2.Instance; readonly association: aws.ec2.EipAssociation },
  ): void {
    const { instance, association } = node;
    const isApplied = appliedHook(`${name}-runs-document`, {
      instanceId: instance.id,
      address: publicIp,
      httpsPort,
      documentVersion,
      patience: { seconds: appliedWithinSeconds },
      tell: (text) => pulumi.log.info(text, instance),
    });
    new pulumi.Stash(
      `${name}-document`,
      { input: documentVersion },
      {
        parent: this,
        // In the update that replaces the node, the new one is asked.
        dependsOn: [association],
        hooks: { beforeCreate: [isApplied], beforeUpdate: [isApplied] },
      },
    );
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
