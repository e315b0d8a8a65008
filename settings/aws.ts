/** The settings of target aws: where the node is, and what stands around it. */
import * as z from "zod";
import { Cidr, seconds } from "./values.ts";

const id = (prefix: string, example: string) =>
  z.string().regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `an id such as ${example}`);

/** Retention times that CloudWatch Logs knows (PutRetentionPolicy). */
export const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
] as const;

export const architectures = ["arm64", "amd64"] as const;
export type Architecture = (typeof architectures)[number];

/** What a node runs on where settings name no type: two processors, as LiveKit's relay uses them. */
export const INSTANCE_TYPES: Readonly<Record<Architecture, string>> = {
  arm64: "c7g.large",
  amd64: "c7i.large",
};

/**
 * Processors of an EC2 instance type: a g behind the generation is Amazon's own arm64 (EC2 Instance Types guide,
 * "Naming conventions"). A node whose type is changed to the other kind would be stopped, and not start again.
 */
const architectureOf = (instanceType: string): Architecture =>
  /^(a1\.|[a-z]+\d+[a-z]*g)/.test(instanceType) ? "arm64" : "amd64";

const Vpc = z
  .strictObject({
    cidr: Cidr(16, 26)
      .optional()
      .describe(
        "The VPC's block of addresses, /16 to /26; of a given VPC the one that it has. Default: 10.77.0.0/24 for the stack's own",
      ),
    id: id("vpc", "vpc-0a1b2c3d4e5f60718")
      .optional()
      .describe("A VPC that is there already, with subnetIds. Default: one of the stack's own"),
    subnetIds: z
      .array(id("subnet", "subnet-0a1b2c3d4e5f60718"))
      .min(1, "at least one")
      .optional()
      .describe(
        "Its subnets with a route to the internet; the node is in the first. Default: the stack's own",
      ),
    flowLogs: z
      .boolean("true or false")
      .default(false)
      .describe("Whether the traffic of the stack's own VPC is logged; costs by the gigabyte"),
  })
  .superRefine(({ cidr, id: vpc, subnetIds, flowLogs }, context) => {
    const problem = (key: string, message: string) =>
      context.addIssue({ code: "custom", path: [key], message });
    if (vpc !== undefined && cidr === undefined)
      problem("cidr", "the VPC's block as well, since aws.vpc.id is set");
    if (vpc !== undefined && subnetIds === undefined)
      problem("subnetIds", "the subnets' ids as well, since aws.vpc.id is set");
    if (subnetIds !== undefined && vpc === undefined)
      problem("id", "the VPC's id as well, since aws.vpc.subnetIds is set");
    if (flowLogs && vpc !== undefined)
      problem("flowLogs", "false, since a given VPC's flow logs are its owner's");
  })
  .transform((it) => ({ ...it, cidr: it.cidr ?? "10.77.0.0/24" }));

const Alarms = z.strictObject({
  email: z
    .email("an e-mail address")
    .optional()
    .describe("Who is told of alarms; AWS asks that address to confirm. Default: the topic alone"),
  networkOutGbPerMonth: z
    .int("a whole number of GB")
    .min(1, "at least 1")
    .max(10_000_000, "at most 10000000")
    .default(1_000)
    .describe(
      "Traffic out of the node that is expected in a month; an alarm tells when 24 hours bring three times a day's share of it",
    ),
  monthlyBudgetUsd: z
    .int("a whole number of US dollars")
    .min(1, "at least 1")
    .max(10_000_000, "at most 10000000")
    .optional()
    .describe(
      "Sum that the stack may cost in a month; an AWS Budget tells when it is passed, and when 80 % of it is foreseen. Default: no budget",
    ),
});

/** Tag keys that begin so are AWS's or ours; IAM takes `name` for `Name`. */
const RESERVED_TAGS = /^(aws:|turnkey:|name$)/i;
/** What every service takes in a tag: IAM, S3 and KMS allow less than EC2 does (IAM User Guide, "Tags for IAM resources"). */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const TAG_WANTED = "letters, digits, spaces and _.:/=+-@ only";

const differInMoreThanCase = (tags: Readonly<Record<string, string>>) => {
  const keys = Object.keys(tags);
  return new Set(keys.map((it) => it.toLowerCase())).size === keys.length;
};

export const Aws = z
  .strictObject({
    region: z
      .string("a region such as eu-central-1")
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as eu-central-1")
      // There KMS and IAM know services by names under other domains.
      .refine(
        (it) => !/^(cn-|[a-z]{2}-iso)/.test(it),
        "a region outside of China and of the isolated partitions, whose services have other names",
      )
      .describe("The AWS region"),
    architecture: z
      .enum(architectures, { error: `one of ${architectures.join(", ")}` })
      .default("arm64")
      .describe("Processors of the node"),
    instanceType: z
      .string()
      .regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, "an instance type such as c7g.large")
      .optional()
      .describe(
        `EC2 instance type, of that architecture. Default: ${INSTANCE_TYPES.arm64}, for amd64 ${INSTANCE_TYPES.amd64}`,
      ),
    ami: id("ami", "ami-0a1b2c3d4e5f60718")
      .optional()
      .describe(
        "Amazon Linux 2023 image that the node boots; another one replaces the node. Default: the newest when the node is made, kept from then on",
      ),
    volumeGib: z
      .int("a whole number of GiB")
      .min(8, "at least 8")
      .max(16_384, "at most 16384")
      .default(20)
      .describe("Root volume in GiB"),
    readyWithinSeconds: seconds(60, 3_600)
      .default(600)
      .describe(
        "How long a new node may take to be ready, or a node to run another document, before the update fails; calls that are let end come on top",
      ),
    vpc: Vpc.prefault({}),
    zones: z
      .tuple([z.string().min(1), z.string().min(1)], "two availability zones")
      .refine(([a, b]) => a !== b, "two different availability zones")
      .optional()
      .describe(
        "Availability zones of the stack's own subnets; the node is in the first. Default: the region's first two",
      ),
    zoneId: z
      .string()
      .regex(/^Z[0-9A-Z]{5,31}$/, "a hosted zone's id such as Z0123456789ABCDEFGHIJ")
      .optional()
      .describe("Route 53 hosted zone that the names belong to. Default: the records are printed"),
    tags: z
      .record(
        z
          .string()
          .min(1, "a tag's key")
          .max(128, "at most 128 characters")
          .regex(TAG_TEXT, TAG_WANTED)
          .refine(
            (it) => !RESERVED_TAGS.test(it),
            "a key of your own; aws:, turnkey: and Name are taken",
          ),
        z.string().max(256, "at most 256 characters").regex(TAG_TEXT, TAG_WANTED),
      )
      .refine(differInMoreThanCase, "keys that differ in more than case, which IAM does not see")
      .refine(
        (it) => Object.keys(it).length <= 8,
        "at most 8 tags: an S3 object takes ten, and two are ours",
      )
      .default({})
      .describe("Tags of your own on everything, at most 8"),
    logRetentionDays: z
      .literal(RETENTION_DAYS, { error: `one of ${RETENTION_DAYS.join(", ")}` })
      .default(30)
      .describe("Days that logs are kept in CloudWatch"),
    alarms: Alarms.prefault({}),
    dashboard: z
      .boolean("true or false")
      .default(false)
      .describe("Whether there is a CloudWatch dashboard of the stack"),
  })
  .superRefine(({ architecture, instanceType }, context) => {
    if (instanceType === undefined || architectureOf(instanceType) === architecture) return;
    context.addIssue({
      code: "custom",
      path: ["instanceType"],
      message: `a type with ${architecture} processors such as ${INSTANCE_TYPES[architecture]}, or aws.architecture ${architectureOf(instanceType)}`,
    });
  });
export type Aws = z.infer<typeof Aws>;
