import { iamActions } from "../../../../policy/rules/aws/iamActions.ts";
import { iamResources } from "../../../../policy/rules/aws/iamResources.ts";
import { noAccessKeys } from "../../../../policy/rules/aws/noAccessKeys.ts";
import { noBroadManagedPolicies } from "../../../../policy/rules/aws/noBroadManagedPolicies.ts";
import { noPublicResourcePolicies } from "../../../../policy/rules/aws/noPublicResourcePolicies.ts";
import { rolesTrustServices } from "../../../../policy/rules/aws/rolesTrustServices.ts";
import { type Props, resource } from "../../../support/policy.ts";
import { describeRule } from "../../../support/ruleTable.ts";

const SECRETS = "arn:aws:ssm:eu-central-1:111122223333:parameter/turnkey/prod/*";
const GOOD = { Sid: "Secrets", Effect: "Allow", Action: ["ssm:GetParameter"], Resource: SECRETS };

const document = (...changes: readonly Props[]) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: changes.map((change) => ({ ...GOOD, ...change })),
  });
const rolePolicy = (...changes: readonly Props[]) =>
  resource("aws:iam/rolePolicy:RolePolicy", { policy: document(...changes) }, { name: "node" });
const inlineRole = (change: Props) =>
  resource("aws:iam/role:Role", {
    inlinePolicies: [{ policy: document({}) }, { policy: document(change) }],
  });
const key = resource("aws:kms/key:Key", {
  policy: document({ Action: "kms:*", Resource: "*", Principal: { AWS: "arn:aws:iam::1:root" } }),
});

describeRule(iamActions, {
  passes: {
    "named actions": rolePolicy({}, { Action: "s3:GetObject" }),
    "a refusal with a star": rolePolicy({ Effect: "Deny", Action: "*" }),
    "a star that is allowed": {
      of: rolePolicy({ Action: "ec2messages:*" }),
      config: { wildcards: ["ec2messages:*"] },
    },
    "a key's own policy, whose star is that key": key,
    "a document that is an object": resource("aws:iam/policy:Policy", {
      policy: { Statement: GOOD },
    }),
  },
  fails: {
    "every action": [
      rolePolicy({ Action: "*" }),
      'node: allows actions with a star: policy, statement Secrets has the action "*" - name the actions',
    ],
    "every action of a service": [rolePolicy({ Action: "s3:*" }), 'the action "s3:*"'],
    "a verb with a star, in the second statement": [
      rolePolicy({}, { Sid: undefined, Action: ["ssm:GetParameter", "s3:Get*"] }),
      'statement 2 has the action "s3:Get*"',
    ],
    "a question mark": [rolePolicy({ Action: "s3:GetObjec?" }), '"s3:GetObjec?"'],
    "everything but": [
      rolePolicy({ Action: undefined, NotAction: "iam:*" }),
      "node: allows everything but what it names",
    ],
    "every resource but": [
      rolePolicy({ Resource: undefined, NotResource: SECRETS }),
      "node: allows everything but what it names",
    ],
    "a policy within a role": [
      inlineRole({ Action: "ec2:*" }),
      'inlinePolicies[1].policy, statement Secrets has the action "ec2:*"',
    ],
    "a single statement": [
      resource("aws:iam/groupPolicy:GroupPolicy", {
        policy: { Statement: { ...GOOD, Action: "*" } },
      }),
      "GroupPolicy: allows actions",
    ],
  },
});

const METRICS = {
  Action: "cloudwatch:PutMetricData",
  Resource: "*",
  Condition: { StringEquals: { "cloudwatch:namespace": "Turnkey/prod" } },
};

describeRule(iamResources, {
  passes: {
    "a path of parameters": rolePolicy({}),
    "objects of one bucket": rolePolicy({
      Action: "s3:GetObject",
      Resource: "arn:aws:s3:::documents/*",
    }),
    "streams of one log group": rolePolicy({
      Action: "logs:PutLogEvents",
      Resource: "arn:aws:logs:r:1:log-group:/turnkey/prod:log-stream:*",
    }),
    "actions that have no resources": rolePolicy({
      Action: ["ecr:GetAuthorizationToken", "ssmmessages:OpenDataChannel"],
      Resource: "*",
    }),
    "metrics of one namespace": rolePolicy(METRICS),
    "a refusal everywhere": rolePolicy({ Effect: "Deny", Resource: "*" }),
    "an action that a stack adds": {
      of: rolePolicy({ Action: "xray:PutTraceSegments", Resource: "*" }),
      config: { anywhere: [{ action: "xray:PutTraceSegments" }] },
    },
    "a key's own policy, whose star is that key": key,
  },
  fails: {
    "every parameter": [
      rolePolicy({ Resource: "*" }),
      'node: allows ssm:GetParameter on every resource: policy, statement Secrets has the resource "*" - name the resource\'s ARN',
    ],
    "every parameter by its ARN": [
      rolePolicy({ Resource: "arn:aws:ssm:r:1:parameter/*" }),
      'the resource "arn:aws:ssm:r:1:parameter/*"',
    ],
    "every key": [
      rolePolicy({ Action: "kms:Decrypt", Resource: "arn:aws:kms:*:1:key/*" }),
      "allows kms:Decrypt on every resource",
    ],
    "every bucket": [
      rolePolicy({ Action: "s3:GetObject", Resource: "arn:aws:s3:::*/*" }),
      "allows s3:GetObject on every resource",
    ],
    "every log group": [
      rolePolicy({ Action: "logs:PutLogEvents", Resource: "arn:aws:logs:r:1:log-group:*" }),
      "allows logs:PutLogEvents",
    ],
    "one of two actions": [
      rolePolicy({ Action: ["ecr:GetAuthorizationToken", "ecr:BatchGetImage"], Resource: "*" }),
      "allows ecr:BatchGetImage on every resource",
    ],
    "every role to be passed on": [
      rolePolicy({ Action: "iam:PassRole", Resource: "*" }),
      "allows iam:PassRole on every resource",
    ],
    "metrics of every namespace": [
      rolePolicy({ ...METRICS, Condition: undefined }),
      "hold it to one value by a condition on cloudwatch:namespace",
    ],
    "metrics of a namespace with a star alone": [
      rolePolicy({ ...METRICS, Condition: { StringLike: { "cloudwatch:namespace": "*" } } }),
      "allows cloudwatch:PutMetricData",
    ],
    "metrics of one namespace or any": [
      rolePolicy({ ...METRICS, Condition: { StringLike: { "cloudwatch:namespace": ["T", "*"] } } }),
      "allows cloudwatch:PutMetricData",
    ],
    "metrics of one namespace, or of none said": [
      rolePolicy({
        ...METRICS,
        Condition: { StringEqualsIfExists: { "cloudwatch:namespace": "T" } },
      }),
      "allows cloudwatch:PutMetricData",
    ],
    "metrics of all namespaces but one": [
      rolePolicy({
        ...METRICS,
        Condition: { StringNotEquals: { "cloudwatch:namespace": "Other" } },
      }),
      "allows cloudwatch:PutMetricData",
    ],
    "the second of two resources": [rolePolicy({ Resource: [SECRETS, "*"] }), 'the resource "*"'],
  },
});

const attachment = (policyArn: string) =>
  resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", { policyArn });
const managed = (name: string) => `arn:aws:iam::aws:policy/${name}`;

describeRule(noBroadManagedPolicies, {
  passes: {
    "a policy of the account's own": attachment("arn:aws:iam::1:policy/node"),
    "a narrow managed one": attachment(managed("AmazonEC2ContainerRegistryReadOnly")),
    "a role without": resource("aws:iam/role:Role", {}),
  },
  fails: {
    administrators: [
      attachment(managed("AdministratorAccess")),
      "policyArn has arn:aws:iam::aws:policy/Adm",
    ],
    "what guides give to instances": [
      attachment(managed("AmazonSSMManagedInstanceCore")),
      "is given a policy that reaches the whole account",
    ],
    "one under a path": [
      attachment(managed("service-role/AmazonEC2RoleforSSM")),
      "AmazonEC2RoleforSSM",
    ],
    "full access to a service": [attachment(managed("AmazonS3FullAccess")), "AmazonS3FullAccess"],
    "every secret of the account": [
      attachment(managed("AmazonSSMReadOnlyAccess")),
      "AmazonSSMReadOnlyAccess",
    ],
    "one in a list of all that a role has": [
      resource("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", {
        policyArns: [managed("AdministratorAccess")],
      }),
      "policyArns has arn:aws:iam::aws:policy/AdministratorAccess",
    ],
    "the second of a role's list": [
      resource("aws:iam/role:Role", {
        managedPolicyArns: ["arn:aws:iam::1:policy/node", managed("PowerUserAccess")],
      }),
      "managedPolicyArns has arn:aws:iam::aws:policy/PowerUserAccess",
    ],
    "one that a stack refuses": [
      { of: attachment(managed("ViewOnly")), config: { refused: ["ViewOnly"] } },
      "ViewOnly",
    ],
  },
});

const role = (...principals: readonly unknown[]) =>
  resource("aws:iam/role:Role", {
    assumeRolePolicy: JSON.stringify({
      Statement: principals.map((Principal) => ({
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal,
      })),
    }),
  });

describeRule(rolesTrustServices, {
  passes: {
    EC2: role({ Service: "ec2.amazonaws.com" }),
    "flow logs": role({ Service: ["vpc-flow-logs.amazonaws.com"] }),
    "a service that a stack names": {
      of: role({ Service: "lambda.amazonaws.com" }),
      config: { services: ["lambda.amazonaws.com"] },
    },
  },
  fails: {
    "another service": [
      role({ Service: "lambda.amazonaws.com" }),
      'assumeRolePolicy, statement 1 has the principal "Service lambda.amazonaws.com" - name a Service among ec2.amazonaws.com',
    ],
    "another service beside it": [
      role({ Service: ["ec2.amazonaws.com", "ssm.amazonaws.com"] }),
      "Service ssm.amazonaws.com",
    ],
    "an account": [role({ AWS: "arn:aws:iam::1:root" }), "AWS arn:aws:iam::1:root"],
    everybody: [role("*"), 'the principal "* *"'],
    "everybody on AWS, in a second statement": [
      role({ Service: "ec2.amazonaws.com" }, { AWS: "*" }),
      'statement 2 has the principal "AWS *"',
    ],
    "everybody but one": [
      resource("aws:iam/role:Role", {
        assumeRolePolicy: {
          Statement: { Effect: "Allow", Action: "sts:AssumeRole", NotPrincipal: { AWS: "1" } },
        },
      }),
      "NotPrincipal everybody else",
    ],
  },
});

const topicPolicy = (change: Props) =>
  resource("aws:sns/topicPolicy:TopicPolicy", {
    policy: document({ Action: "sns:Publish", ...change }),
  });

describeRule(noPublicResourcePolicies, {
  passes: {
    "a service": topicPolicy({ Principal: { Service: "cloudwatch.amazonaws.com" } }),
    "everybody of one account": topicPolicy({
      Principal: "*",
      Condition: { StringEquals: { "aws:SourceAccount": "1" } },
    }),
    "alarms of one account": topicPolicy({
      Principal: "*",
      Condition: { ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:*:1:alarm:*" } },
    }),
    "notices of one bucket": topicPolicy({
      Principal: "*",
      Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:s3:::documents" } },
    }),
    "a refusal to everybody": topicPolicy({ Effect: "Deny", Principal: "*" }),
    "a key's account": key,
    "a key without a policy of its own": resource("aws:kms/key:Key", {}),
  },
  fails: {
    everybody: [
      topicPolicy({ Principal: "*" }),
      'TopicPolicy: allows everybody: policy, statement Secrets has the principal "*"',
    ],
    "everybody on AWS": [topicPolicy({ Principal: { AWS: ["1", "*"] } }), "allows everybody"],
    "everybody but one": [topicPolicy({ NotPrincipal: { AWS: "1" } }), "allows everybody"],
    "everybody with a condition on something else": [
      topicPolicy({ Principal: "*", Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      "allows everybody",
    ],
    "everybody but one account": [
      topicPolicy({
        Principal: "*",
        Condition: { StringNotEquals: { "aws:SourceAccount": "1" } },
      }),
      "allows everybody",
    ],
    ...Object.fromEntries(
      [
        { ArnLike: { "aws:SourceArn": "*" } },
        { ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:*:*:alarm:*" } },
        { ArnLike: { "aws:SourceArn": "arn:aws:s3:::*" } },
        { StringLike: { "aws:PrincipalOrgID": "o-*" } },
        { StringLike: { "aws:SourceAccount": ["1", "*"] } },
        { StringEqualsIfExists: { "aws:SourceAccount": "1" } },
        { "ForAllValues:StringEquals": { "aws:SourceAccount": "1" } },
        { Null: { "aws:SourceAccount": "true" } },
      ].map((Condition) => [
        `everybody by ${JSON.stringify(Condition)}`,
        [topicPolicy({ Principal: "*", Condition }), "allows everybody"],
      ]),
    ),
    "a key's policy on its own": [
      resource("aws:kms/keyPolicy:KeyPolicy", { policy: document({ Principal: "*" }) }),
      "KeyPolicy: allows everybody",
    ],
    "a bucket": [
      resource("aws:s3/bucketPolicy:BucketPolicy", { policy: document({ Principal: "*" }) }),
      "BucketPolicy: allows everybody",
    ],
    "a key": [resource("aws:kms/key:Key", { policy: document({ Principal: "*" }) }), "Key: allows"],
  },
});

describeRule(noAccessKeys, {
  passes: { "a role": role({ Service: "ec2.amazonaws.com" }) },
  fails: {
    "a key of a user": [resource("aws:iam/accessKey:AccessKey", {}), "AccessKey: is an access key"],
  },
});
