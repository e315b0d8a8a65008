import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../config.ts";
import { agentScript, nodeScripts } from "../../machine/agentScript.ts";
import { CERTIFICATE_ALARM_DAYS } from "../../plan/alarmTable.ts";
import { type AwsPlace, parameterPath } from "../../plan/awsPlace.ts";
import { bucketName, CERTIFICATE_KEY, DOCUMENT_KEY } from "../../plan/documentBucket.ts";
import { metricNamespace } from "../../plan/nodeMetrics.ts";
import { renderNodeDocument, secretsOf } from "../../plan/renderNodeDocument.ts";
import { type NodeLocation, packedUserData, userData } from "../../plan/userData.ts";
import { INSTANCE_TYPES } from "../../settings/aws.ts";
import type { CloudOutputs } from "../../turn/outputs.ts";
import { row } from "../../turn/ports.ts";
import type { Host, HostArgs } from "../host.ts";
import { Address } from "./address.ts";
import { Alarms } from "./alarms.ts";
import { ApiImage } from "./apiImage.ts";
import { CostBudget } from "./costBudget.ts";
import { Dashboard } from "./dashboard.ts";
import { DnsRecords } from "./dnsRecords.ts";
import { Documents } from "./documents.ts";
import { EncryptionKey } from "./encryptionKey.ts";
import { Firewall } from "./firewall.ts";
import { Network } from "./network.ts";
import { Node } from "./node.ts";
import { nodeLogGroupName, NodeLogs } from "./nodeLogs.ts";
import { NodeRole } from "./nodeRole.ts";
import { SecretParameters } from "./secretParameters.ts";

export type AwsSettings = Extract<Settings, { target: "aws" }>;

export interface Ec2HostArgs extends HostArgs {
  readonly settings: AwsSettings;
  /** The account and region of the provider that the components get. */
  readonly place: AwsPlace;
}

/** What every component in AWS is told. */
interface Common extends AwsPlace {
  readonly stack: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Runs the services of a plan on an EC2 instance behind an Elastic IP, with all that stands around it. */
export class Ec2Host extends pulumi.ComponentResource implements Host {
  readonly nodeAddress: pulumi.Output<string>;
  readonly cloud: pulumi.Output<CloudOutputs>;
  private readonly args: Ec2HostArgs;
  private readonly prefix: string;
  private readonly common: Common;
  private readonly within: pulumi.ComponentResourceOptions = { parent: this };

  constructor(name: string, args: Ec2HostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:aws:Ec2Host", name, {}, opts);
    this.args = args;
    this.prefix = name;
    const { plan, settings, place } = args;
    const tags = { ...settings.aws.tags, "turnkey:stack": plan.stack };
    this.common = { stack: plan.stack, ...place, tags };
    const names = plan.certificateNames.dns;

    const key = new EncryptionKey(`${name}-key`, this.common, this.within);
    const address = new Address(`${name}-address`, { tags }, this.within);
    const logs = this.logs(key);
    const documents = this.documents(key, address);
    const node = this.node(key, address, { documents, logs });
    const alarms = this.alarms(key, node);
    this.watch(node, alarms, logs);
    const { zoneId } = settings.aws;
    if (zoneId !== undefined)
      new DnsRecords(`${name}-dns`, { zoneId, names, address: address.publicIp }, this.within);

    // Others get to know it once it leads to a node that is ready.
    this.nodeAddress = pulumi
      .all([address.publicIp, node.associationId])
      .apply(([publicIp]) => publicIp);
    this.cloud = pulumi.output({
      region: place.region,
      instanceId: node.instanceId,
      logGroup: logs.logGroupName,
      alarmTopicArn: alarms.topicArn,
      bucket: documents.bucketName,
      documentVersion: documents.object.versionId,
      names: [...names],
    });
    this.registerOutputs({ nodeAddress: this.nodeAddress });
  }

  private logs({ arn: keyArn }: EncryptionKey): NodeLogs {
    const { settings } = this.args;
    return new NodeLogs(
      `${this.prefix}-logs`,
      {
        ...this.common,
        keyArn,
        retentionDays: settings.aws.logRetentionDays,
      },
      this.within,
    );
  }

  /** The node document, and everything that it speaks of. */
  private documents({ arn: keyArn }: EncryptionKey, { publicIp }: Address): Documents {
    const { plan, late, bundles, settings } = this.args;
    const secrets = secretsOf(plan, late);
    const parameters = new SecretParameters(
      `${this.prefix}-secrets`,
      { ...this.common, keyArn, late: secrets },
      this.within,
    );
    const { image } = settings.api;
    const { architecture } = settings.aws;
    const api = new ApiImage(
      `${this.prefix}-api`,
      { ...this.common, architecture, image, bundles },
      this.within,
    );
    return new Documents(
      `${this.prefix}-documents`,
      {
        ...this.common,
        keyArn,
        document: renderNodeDocument(plan, new Set(Object.keys(secrets)), nodeScripts()),
        metadata: pulumi
          .all([publicIp, parameters.versions, api.reference])
          .apply(([nodeAddress, versions, reference]) => ({
            "node-address": nodeAddress,
            secrets: versions,
            ...(image === undefined ? { "api-image": reference } : {}),
          })),
      },
      this.within,
    );
  }

  private node(
    key: EncryptionKey,
    address: Address,
    { documents, logs }: { readonly documents: Documents; readonly logs: NodeLogs },
  ): Node {
    const { plan, settings, place } = this.args;
    const { stack, tags } = this.common;
    const { architecture, instanceType, ami, volumeGib, readyWithinSeconds } = settings.aws;
    const network = this.network(key);
    const { vpcId } = network;
    const [subnetId] = network.subnetIds;
    if (subnetId === undefined) throw new Error("the network has no subnet for the node");
    const firewall = new Firewall(
      `${this.prefix}-firewall`,
      { vpcId, ports: plan.ports, tags },
      this.within,
    );
    const role = this.role(key, documents);
    return new Node(
      `${this.prefix}-node`,
      {
        subnetId,
        securityGroupId: firewall.securityGroupId,
        instanceProfile: role.instanceProfileName,
        architecture,
        instanceType: instanceType ?? INSTANCE_TYPES[architecture],
        ami,
        volumeGib,
        volumeKeyArn: key.arn,
        userDataBase64: packedUserData(userData(nodeLocation(stack, place), agentScript())),
        allocationId: address.allocationId,
        publicIp: address.publicIp,
        httpsPort: row(plan.ports, "https").from,
        documentVersion: documents.object.versionId,
        readyWithinSeconds,
        // Calls get that long before LiveKit is made anew, and once more when the node goes back (docs/node.md).
        appliedWithinSeconds: readyWithinSeconds + 2 * settings.livekit.stopSeconds,
        bootsAfter: pulumi.all([
          documents.object.versionId,
          // Docker starts no container whose log group is not there (its awslogs driver).
          logs.arn,
          role.ready,
          network.ready,
          firewall.ready,
        ]),
        tags,
      },
      this.within,
    );
  }

  private network({ arn: logKeyArn }: EncryptionKey): Network {
    const { vpc, zones, logRetentionDays } = this.args.settings.aws;
    return new Network(
      `${this.prefix}-network`,
      { ...this.common, vpc, zones, logRetentionDays, logKeyArn },
      this.within,
    );
  }

  private role({ arn: keyArn }: EncryptionKey, documents: Documents): NodeRole {
    const { stack } = this.common;
    return new NodeRole(
      `${this.prefix}-role`,
      {
        ...this.common,
        keyArn,
        bucketName: documents.bucketName,
        logGroupName: nodeLogGroupName(stack),
        metricNamespace: metricNamespace(stack),
        pullsImage: this.args.settings.api.image === undefined,
      },
      this.within,
    );
  }

  private alarms({ arn: keyArn }: EncryptionKey, node: Node): Alarms {
    const { plan, settings } = this.args;
    const { networkOutGbPerMonth, email } = settings.aws.alarms;
    const kind = plan.certificateNames.dns.length > 0 ? "name" : "address";
    return new Alarms(
      `${this.prefix}-alarms`,
      {
        ...this.common,
        keyArn,
        namespace: metricNamespace(plan.stack),
        instanceId: node.instanceId,
        after: node,
        networkOutGbPerMonth,
        certificateDays: CERTIFICATE_ALARM_DAYS[kind],
        email,
      },
      this.within,
    );
  }

  /** What shows and limits, where the settings ask for it. */
  private watch({ instanceId }: Node, alarms: Alarms, logs: NodeLogs): void {
    const { settings } = this.args;
    const { monthlyBudgetUsd } = settings.aws.alarms;
    if (settings.aws.dashboard)
      new Dashboard(
        `${this.prefix}-dashboard`,
        {
          ...this.common,
          namespace: metricNamespace(this.common.stack),
          instanceId,
          alarmArns: alarms.alarmArns,
          logGroupName: logs.logGroupName,
        },
        this.within,
      );
    if (monthlyBudgetUsd !== undefined)
      new CostBudget(
        `${this.prefix}-budget`,
        {
          ...this.common,
          monthlyUsd: monthlyBudgetUsd,
          topicArn: alarms.topicArn,
          after: alarms,
        },
        this.within,
      );
  }
}

const nodeLocation = (stack: string, place: AwsPlace): NodeLocation => ({
  stack,
  region: place.region,
  bucket: bucketName(stack, place),
  documentKey: DOCUMENT_KEY,
  certificateKey: CERTIFICATE_KEY,
  parameterPath: parameterPath(stack),
  logGroup: nodeLogGroupName(stack),
  metricNamespace: metricNamespace(stack),
});
