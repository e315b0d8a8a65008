import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { certificateRenewal } from "../../../policy/rules/pulumi/certificateRenewal.ts";
import { generatedSecretLength } from "../../../policy/rules/pulumi/generatedSecretLength.ts";
import { identityProtected } from "../../../policy/rules/pulumi/identityProtected.ts";
import { TAGGABLE } from "../../../policy/rules/pulumi/taggable.ts";
import { tagged } from "../../../policy/rules/pulumi/tagged.ts";
import { atPreview, type Props, resource, UNKNOWN_AT_PREVIEW } from "../../support/policy.ts";
import { describeRule } from "../../support/ruleTable.ts";

const KEPT = [
  "aws:ec2/eip:Eip",
  "aws:ecr/repository:Repository",
  "aws:kms/key:Key",
  "aws:route53/zone:Zone",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketV2:BucketV2",
];

describeRule(identityProtected, {
  passes: {
    ...Object.fromEntries(
      KEPT.map((type) => [`${type}, protected`, resource(type, {}, { protect: true })]),
    ),
    "an instance, which can be made again": resource("aws:ec2/instance:Instance", {}),
    "a kind that is not asked for": { of: resource("aws:ec2/eip:Eip", {}), config: { types: [] } },
  },
  fails: {
    ...Object.fromEntries(
      KEPT.map((type) => [
        type,
        [
          resource(type, {}, { name: "it" }),
          "it: can be deleted by one wrong update: the option protect is false",
        ],
      ]),
    ),
    "a kind that a stack adds": [
      {
        of: resource("aws:rds/instance:Instance", {}),
        config: { types: ["aws:rds/instance:Instance"] },
      },
      "set the resource option protect to true",
    ],
  },
});

const vpc = (tags?: unknown) => resource("aws:ec2/vpc:Vpc", { tags });

describeRule(tagged, {
  passes: {
    "a resource with the tag": vpc({ "turnkey:stack": "prod", Name: "vpc" }),
    "a tag that is not known yet": atPreview(vpc({ "turnkey:stack": UNKNOWN_AT_PREVIEW })),
    "tags that are not known yet": atPreview(vpc(UNKNOWN_AT_PREVIEW)),
    "a kind that takes no tags": resource("aws:ec2/route:Route", {}),
    "a container": resource("docker:index/container:Container", {}),
    "a stack that asks for none": { of: vpc(), config: { tags: [] } },
  },
  fails: {
    "no tags": [
      vpc(),
      'Vpc: does not say its turnkey:stack: tags["turnkey:stack"] is not set - add the tag',
    ],
    "other tags": [vpc({ Name: "vpc" }), "does not say its turnkey:stack"],
    "an empty tag": [vpc({ "turnkey:stack": "" }), 'tags["turnkey:stack"] is ""'],
    "two tags that a stack asks for": [
      { of: vpc({ Name: "vpc" }), config: { tags: ["owner", "cost"] } },
      "does not say its owner",
      "does not say its cost",
    ],
  },
});

test.each([...TAGGABLE])("%s takes tags, as its own types say", (type) => {
  const path = type.slice("aws:".length, type.lastIndexOf(":"));
  const types = readFileSync(
    join(import.meta.dirname, "..", "..", "..", "node_modules", "@pulumi", "aws", `${path}.d.ts`),
    "utf8",
  );
  expect(types).toMatch(/^ {4}tags\?: pulumi\.Input/m);
});

const password = (props: Props) => resource("random:index/randomPassword:RandomPassword", props);

const bytes = (length: number) => resource("random:index/randomBytes:RandomBytes", { length });

describeRule(generatedSecretLength, {
  passes: {
    "32 characters": password({ length: 32 }),
    "a length that is not known yet": atPreview(password({ length: UNKNOWN_AT_PREVIEW })),
    "a name of 12, which is no secret": resource("random:index/randomString:RandomString", {
      length: 12,
    }),
    "24 bytes, which are 32 characters": bytes(24),
    "as many as a stack asks for": { of: password({ length: 16 }), config: { characters: 16 } },
  },
  fails: {
    "31 characters": [password({ length: 31 }), "length is 31 - set length to 32 or more"],
    "23 bytes": [bytes(23), "length is 23 - set length to 24 or more"],
    "fewer than a stack asks for": [
      { of: password({ length: 43 }), config: { characters: 64 } },
      "set length to 64 or more",
    ],
  },
});

const certificate = (earlyRenewalHours?: unknown) =>
  resource("tls:index/locallySignedCert:LocallySignedCert", { earlyRenewalHours });

describeRule(certificateRenewal, {
  passes: {
    "30 days": certificate(720),
    "21 days": certificate(504),
    "hours that are not known yet": atPreview(certificate(UNKNOWN_AT_PREVIEW)),
    "a key": resource("tls:index/privateKey:PrivateKey", {}),
  },
  fails: {
    "an hour less": [
      certificate(503),
      "earlyRenewalHours is 503 - set earlyRenewalHours to 504 or more",
    ],
    "no word of it": [certificate(), "is issued anew too late: earlyRenewalHours is not set"],
    "a self-signed one": [
      resource("tls:index/selfSignedCert:SelfSignedCert", { earlyRenewalHours: 0 }),
      "earlyRenewalHours is 0",
    ],
  },
});
