import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsPlace } from "../../plan/awsPlace.ts";
import { subnetBlocks } from "../../plan/subnetBlocks.ts";
import { zoneAt } from "../../plan/zoneAt.ts";
import { mendable } from "../mendable.ts";
import { FlowLogs } from "./flowLogs.ts";

export interface NetworkArgs extends AwsPlace {
  readonly stack: string;
  readonly vpc: {
    /** Block of the VPC's own addresses, /16 to /26; of a given VPC the one that it has. */
    readonly cidr: string;
    /** A VPC that is there already; together with `subnetIds`. Default: a VPC of the stack's own. */
    readonly id?: string | undefined;
    /** Its subnets with a route to the internet. */
    readonly subnetIds?: readonly string[] | undefined;
    /** Whether the own VPC's traffic is logged. */
    readonly flowLogs: boolean;
  };
  /** Availability zones of the own subnets. Default: the region's first two when they are made, kept from then on. */
  readonly zones?: readonly [string, string] | undefined;
  readonly logRetentionDays: number;
  readonly logKeyArn: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
}

/** The network that a node is in: a small VPC with two public subnets and nothing else, or a given one. */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** A node is in the first. */
  readonly subnetIds: readonly pulumi.Output<string>[];
  readonly cidr: string;
  /** Settled once the subnets have their way to the internet. */
  readonly ready: pulumi.Output<unknown>;
  private readonly args: NetworkArgs;
  private readonly prefix: string;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:aws:Network", name, {}, opts);
    this.args = args;
    this.prefix = name;
    this.cidr = args.vpc.cidr;
    const { vpcId, subnetIds, ready } =
      args.vpc.id === undefined ? this.own() : given(args.vpc.id, args.vpc.subnetIds);
    this.vpcId = vpcId;
    this.subnetIds = subnetIds;
    this.ready = ready;
    this.registerOutputs({ vpcId: this.vpcId, subnetIds: this.subnetIds });
  }

  private own(): Pick<Network, "vpcId" | "subnetIds" | "ready"> {
    const { id: vpcId } = new aws.ec2.Vpc(
      `${this.prefix}-vpc`,
      {
        cidrBlock: this.cidr,
        enableDnsSupport: true,
        enableDnsHostnames: true,
        tags: this.tags("vpc"),
      },
      { parent: this },
    );
    // Without rules: what forgets to name its group reaches nothing and is reached by nothing.
    new aws.ec2.DefaultSecurityGroup(
      `${this.prefix}-default-group`,
      { vpcId, ingress: [], egress: [], tags: this.tags("default-group") },
      { parent: this },
    );
    const table = new aws.ec2.RouteTable(
      `${this.prefix}-routes`,
      { vpcId, tags: this.tags("routes") },
      { parent: this },
    );
    const route = this.toTheInternet(vpcId, table.id);
    const subnets = this.subnets(vpcId);
    const associations = subnets.map(
      ({ id: subnetId }, index) =>
        new aws.ec2.RouteTableAssociation(
          `${this.prefix}-routes-${index + 1}`,
          { subnetId, routeTableId: table.id },
          { parent: this },
        ),
    );
    if (this.args.vpc.flowLogs)
      new FlowLogs(`${this.prefix}-flow-logs`, { ...this.args, vpcId }, { parent: this });
    const ready = pulumi.all([route, ...associations].map((it) => it.id));
    return { vpcId, subnetIds: subnets.map((it) => it.id), ready };
  }

  private toTheInternet(vpcId: pulumi.Output<string>, routeTableId: pulumi.Output<string>) {
    const gateway = new aws.ec2.InternetGateway(
      `${this.prefix}-gateway`,
      { vpcId, tags: this.tags("gateway") },
      { parent: this },
    );
    return new aws.ec2.Route(
      `${this.prefix}-internet`,
      { routeTableId, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      { parent: this },
    );
  }

  private subnets(vpcId: pulumi.Output<string>): aws.ec2.Subnet[] {
    const { zones } = this.args;
    return subnetBlocks(this.cidr).map(
      (cidrBlock, index) =>
        new aws.ec2.Subnet(
          `${this.prefix}-subnet-${index + 1}`,
          {
            vpcId,
            cidrBlock,
            availabilityZone: zones?.[index] ?? this.zone(index),
            mapPublicIpOnLaunch: false,
            tags: this.tags(`subnet-${index + 1}`),
          },
          // AWS may list its zones in another order tomorrow; a subnet that moves replaces the node.
          { parent: this, ignoreChanges: zones ? [] : ["availabilityZone"] },
        ),
    );
  }

  /** A zone of the region by its place in AWS's list, local zones left out. */
  private zone(place: number): pulumi.Output<string> {
    const filters = [{ name: "zone-type", values: ["availability-zone"] }];
    return aws
      .getAvailabilityZonesOutput({ filters }, { parent: this })
      .names.apply((names) => mendable(async () => zoneAt(names, place)));
  }

  private tags(role: string) {
    return { ...this.args.tags, Name: `${this.prefix}-${role}` };
  }
}

const given = (vpc: string, subnets: readonly string[] = []) => ({
  vpcId: pulumi.output(vpc),
  subnetIds: subnets.map((it) => pulumi.output(it)),
  ready: pulumi.output(subnets),
});
