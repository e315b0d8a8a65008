/** What a deployer's permissions are about: things of one stack, as far as AWS can tell them apart. */
import {
  arnIn,
  bucketArn,
  flowLogsRoleName,
  globalName,
  keyAlias,
  logGroupPrefix,
  nodeRoleName,
  parameterPath,
  repositoryName,
  type AwsPlace,
} from "./awsPlace.ts";
import { bucketName } from "./documentBucket.ts";
import type { Conditions } from "./iamDocument.ts";

export interface DeployerInput {
  readonly place: AwsPlace;
  readonly stack: string;
  /** A VPC that is there already. */
  readonly vpc?: { readonly id: string; readonly subnetIds: readonly string[] } | undefined;
  /** The Route 53 zone of the stack's names. */
  readonly zoneId?: string | undefined;
}

/** Resources, and what must be so; nothing where the stack has no such things. */
export type Scoped =
  { readonly Resource: readonly string[]; readonly Condition?: Conditions } | undefined;

/** Every resource of ours carries it: components give it to whatever can be tagged. */
const TAG = "turnkey:stack";

const tagged = (key: "RequestTag" | "ResourceTag", stack: string): Conditions => ({
  StringEquals: { [`aws:${key}/${TAG}`]: stack },
});

const via = (services: readonly string[], { region }: AwsPlace) => ({
  "kms:ViaService": services.map((it) => `${it}.${region}.amazonaws.com`),
});

/** Kinds of thing that EC2 makes for a stack. */
const MADE_IN_EC2 = [
  "elastic-ip",
  "instance",
  "internet-gateway",
  "route-table",
  "security-group",
  "security-group-rule",
  "subnet",
  "vpc",
  "vpc-flow-log",
];

/** The calls that make them, and may tag them in the same breath. */
export const EC2_CREATES = [
  "AllocateAddress",
  "AuthorizeSecurityGroupEgress",
  "AuthorizeSecurityGroupIngress",
  "CreateFlowLogs",
  "CreateInternetGateway",
  "CreateRouteTable",
  "CreateSecurityGroup",
  "CreateSubnet",
  "CreateVpc",
  "RunInstances",
];

/** The ARN of what an account has once for all regions. */
const globalArn = ({ partition, accountId }: AwsPlace, service: string, resource: string) =>
  `arn:${partition}:${service}::${accountId}:${resource}`;

/** In full: another stack's name may begin with this one's. */
const rolesOf = ({ place, stack }: DeployerInput) =>
  [nodeRoleName, flowLogsRoleName].map((name) =>
    globalArn(place, "iam", `role/${name(stack, place)}`),
  );

/** By name: the resources of a stack that the actions of `deployerActions.ts` are about. */
export const scopes = {
  /** Looks at what there is, which EC2 and others allow for all or nothing; in the stack's region. */
  region: ({ place }) => ({
    Resource: ["*"],
    Condition: { StringEquals: { "aws:RequestedRegion": place.region } },
  }),
  /** What is made in EC2, by the tag that it is made with. */
  newEc2: ({ place, stack }) => ({
    Resource: MADE_IN_EC2.map((it) => arnIn(place, "ec2", `${it}/*`)),
    Condition: tagged("RequestTag", stack),
  }),
  /** The same while it is made: a tag set later would make anything the stack's. */
  tagsOfNewEc2: ({ place, stack }) => ({
    Resource: MADE_IN_EC2.map((it) => arnIn(place, "ec2", `${it}/*`)),
    Condition: {
      StringEquals: {
        ...tagged("RequestTag", stack)["StringEquals"],
        "ec2:CreateAction": EC2_CREATES,
      },
    },
  }),
  /** What is the stack's in EC2. */
  ownEc2: ({ place, stack }) => ({
    Resource: [arnIn(place, "ec2", "*")],
    Condition: tagged("ResourceTag", stack),
  }),
  /**
   * What EC2 makes by itself, a VPC's default group and an instance's volume and interface, to be made the
   * stack's by its tag. Of an account with other things in it that is more than is needed.
   */
  untaggedEc2: ({ place, stack }) => ({
    Resource: ["network-interface", "security-group", "volume"].map((it) =>
      arnIn(place, "ec2", `${it}/*`),
    ),
    Condition: { ...tagged("RequestTag", stack), Null: { [`aws:ResourceTag/${TAG}`]: "true" } },
  }),
  /** What an instance comes with. */
  partsOfInstance: ({ place }) => ({
    Resource: ["network-interface", "volume"].map((it) => arnIn(place, "ec2", `${it}/*`)),
  }),
  /** Amazon's own images. */
  amazonImages: ({ place: { partition, region } }) => ({
    Resource: [`arn:${partition}:ec2:${region}::image/*`],
    Condition: { StringEquals: { "ec2:Owner": "amazon" } },
  }),
  givenVpc: ({ place, vpc }) =>
    vpc && {
      Resource: [`vpc/${vpc.id}`, ...vpc.subnetIds.map((it) => `subnet/${it}`)].map((it) =>
        arnIn(place, "ec2", it),
      ),
    },
  zone: ({ place: { partition }, zoneId }) =>
    zoneId === undefined
      ? undefined
      : { Resource: [`arn:${partition}:route53:::hostedzone/${zoneId}`] },
  zoneRecords: ({ place: { partition }, zoneId }) =>
    zoneId === undefined
      ? undefined
      : {
          Resource: [`arn:${partition}:route53:::hostedzone/${zoneId}`],
          Condition: {
            "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsRecordTypes": ["A"] },
          },
        },
  zoneChanges: ({ place: { partition }, zoneId }) =>
    zoneId === undefined ? undefined : { Resource: [`arn:${partition}:route53:::change/*`] },
  bucket: ({ place, stack }) => ({ Resource: [bucketArn(place, bucketName(stack, place))] }),
  objects: ({ place, stack }) => ({
    Resource: [`${bucketArn(place, bucketName(stack, place))}/*`],
  }),
  newKey: ({ place, stack }) => ({
    Resource: ["*"],
    Condition: {
      StringEquals: {
        "aws:RequestedRegion": place.region,
        ...tagged("RequestTag", stack)["StringEquals"],
      },
    },
  }),
  /**
   * A key while it is made: KMS knows no condition for that, so it is any of the account's without a stack's
   * tag. Of an account with other keys in it that is more than is needed.
   */
  untaggedKey: ({ place, stack }) => ({
    Resource: [arnIn(place, "kms", "key/*")],
    Condition: { ...tagged("RequestTag", stack), Null: { [`aws:ResourceTag/${TAG}`]: "true" } },
  }),
  ownKey: ({ place, stack }) => ({
    Resource: [arnIn(place, "kms", "key/*")],
    Condition: tagged("ResourceTag", stack),
  }),
  alias: ({ place, stack }) => ({ Resource: [arnIn(place, "kms", keyAlias(stack))] }),
  /** The key's use for what the deployer writes: documents, parameters and volumes. */
  ownKeyInUse: ({ place, stack }) => ({
    Resource: [arnIn(place, "kms", "key/*")],
    Condition: {
      StringEquals: {
        ...tagged("ResourceTag", stack)["StringEquals"],
        ...via(["ec2", "s3", "ssm"], place),
      },
    },
  }),
  /** Lets EC2 use the key for the volume of an instance, and nobody else. */
  volumeGrants: ({ place, stack }) => ({
    Resource: [arnIn(place, "kms", "key/*")],
    Condition: {
      StringEquals: {
        ...tagged("ResourceTag", stack)["StringEquals"],
        ...via(["ec2"], place),
      },
      Bool: { "kms:GrantIsForAWSResource": "true" },
    },
  }),
  parameters: ({ place, stack }) => ({
    Resource: [arnIn(place, "ssm", `parameter${parameterPath(stack)}/*`)],
  }),
  amazonParameters: ({ place: { partition, region } }) => ({
    Resource: [`arn:${partition}:ssm:${region}::parameter/aws/service/ami-amazon-linux-latest/*`],
  }),
  roles: (input) => ({ Resource: rolesOf(input) }),
  /** Who may be given those roles. */
  passedRoles: (input) => ({
    Resource: rolesOf(input),
    Condition: {
      StringEquals: {
        "iam:PassedToService": ["ec2.amazonaws.com", "vpc-flow-logs.amazonaws.com"],
      },
    },
  }),
  profiles: ({ place, stack }) => ({
    Resource: [globalArn(place, "iam", `instance-profile/${nodeRoleName(stack, place)}`)],
  }),
  repository: ({ place, stack }) => ({
    Resource: [arnIn(place, "ecr", `repository/${repositoryName(stack)}`)],
  }),
  logGroups: ({ place, stack }) => ({
    Resource: [arnIn(place, "logs", `log-group:${logGroupPrefix(stack)}*`)],
  }),
  alarms: ({ place, stack }) => ({
    Resource: [arnIn(place, "cloudwatch", `alarm:turnkey-${stack}-*`)],
  }),
  dashboards: ({ place, stack }) => ({
    Resource: [globalArn(place, "cloudwatch", `dashboard/${globalName(stack, place)}`)],
  }),
  topics: ({ place, stack }) => ({ Resource: [arnIn(place, "sns", `turnkey-${stack}`)] }),
  budgets: ({ place, stack }) => ({
    Resource: [globalArn(place, "budgets", `budget/${globalName(stack, place)}`)],
  }),
} satisfies Record<string, (input: DeployerInput) => Scoped>;

export type Scope = keyof typeof scopes;
