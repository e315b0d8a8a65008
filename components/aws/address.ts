import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface AddressArgs {
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The node's public address, which outlives every node: names and ICE URLs point to it. It is protected,
 * as an address given back to AWS does not come again.
 */
export class Address extends pulumi.ComponentResource {
  readonly publicIp: pulumi.Output<string>;
  readonly allocationId: pulumi.Output<string>;

  constructor(name: string, { tags }: AddressArgs, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:aws:Address", name, {}, opts);
    const eip = new aws.ec2.Eip(
      `${name}-eip`,
      { domain: "vpc", tags: { ...tags, Name: name } },
      { parent: this, protect: true },
    );
    this.publicIp = eip.publicIp;
    this.allocationId = eip.allocationId;
    this.registerOutputs({ publicIp: this.publicIp, allocationId: this.allocationId });
  }
}
