/**
 * What deploying asks of AWS, by kind of resource: the calls that the provider makes to create, read, change
 * and delete one, by what they are about. From hashicorp/terraform-provider-aws (internal/service), which
 * Pulumi's provider is made of, and from AWS's service authorization reference,
 * https://docs.aws.amazon.com/service-authorization/latest/reference/.
 */
import type { Scope } from "./deployerScopes.ts";

type Actions = Readonly<Partial<Record<Scope, readonly string[]>>>;

/** What is asked whatever is deployed: tags are set beside everything that EC2 makes. */
export const everywhere: Actions = {
  region: ["ec2:DescribeAvailabilityZones", "ec2:DescribeTags"],
  tagsOfNewEc2: ["ec2:CreateTags"],
  untaggedEc2: ["ec2:CreateTags"],
  ownEc2: ["ec2:CreateTags", "ec2:DeleteTags"],
};

/** By Pulumi type token. */
export const deployerActions = {
  "aws:ec2/vpc:Vpc": {
    region: [
      "ec2:DescribeNetworkAcls",
      "ec2:DescribeRouteTables",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeVpcs",
    ],
    newEc2: ["ec2:CreateVpc"],
    ownEc2: ["ec2:DeleteVpc", "ec2:DescribeVpcAttribute", "ec2:ModifyVpcAttribute"],
  },
  "aws:ec2/subnet:Subnet": {
    region: ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"],
    newEc2: ["ec2:CreateSubnet"],
    ownEc2: ["ec2:CreateSubnet", "ec2:DeleteSubnet", "ec2:ModifySubnetAttribute"],
  },
  "aws:ec2/internetGateway:InternetGateway": {
    region: ["ec2:DescribeInternetGateways"],
    newEc2: ["ec2:CreateInternetGateway"],
    ownEc2: ["ec2:AttachInternetGateway", "ec2:DeleteInternetGateway", "ec2:DetachInternetGateway"],
  },
  "aws:ec2/routeTable:RouteTable": {
    region: ["ec2:DescribeRouteTables"],
    newEc2: ["ec2:CreateRouteTable"],
    ownEc2: ["ec2:CreateRouteTable", "ec2:DeleteRouteTable"],
  },
  "aws:ec2/route:Route": {
    ownEc2: ["ec2:CreateRoute", "ec2:DeleteRoute", "ec2:ReplaceRoute"],
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    ownEc2: [
      "ec2:AssociateRouteTable",
      "ec2:DisassociateRouteTable",
      "ec2:ReplaceRouteTableAssociation",
    ],
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    ownEc2: ["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"],
  },
  "aws:ec2/flowLog:FlowLog": {
    region: ["ec2:DescribeFlowLogs"],
    newEc2: ["ec2:CreateFlowLogs"],
    ownEc2: ["ec2:CreateFlowLogs", "ec2:DeleteFlowLogs"],
    passedRoles: ["iam:PassRole"],
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    region: ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups"],
    newEc2: ["ec2:CreateSecurityGroup"],
    ownEc2: ["ec2:CreateSecurityGroup", "ec2:DeleteSecurityGroup", "ec2:RevokeSecurityGroupEgress"],
    givenVpc: ["ec2:CreateSecurityGroup"],
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    region: ["ec2:DescribeSecurityGroupRules"],
    newEc2: ["ec2:AuthorizeSecurityGroupIngress"],
    ownEc2: [
      "ec2:AuthorizeSecurityGroupIngress",
      "ec2:ModifySecurityGroupRules",
      "ec2:RevokeSecurityGroupIngress",
    ],
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
    region: ["ec2:DescribeSecurityGroupRules"],
    newEc2: ["ec2:AuthorizeSecurityGroupEgress"],
    ownEc2: [
      "ec2:AuthorizeSecurityGroupEgress",
      "ec2:ModifySecurityGroupRules",
      "ec2:RevokeSecurityGroupEgress",
    ],
  },
  "aws:ec2/eip:Eip": {
    region: ["ec2:DescribeAddresses", "ec2:DescribeAddressesAttribute"],
    newEc2: ["ec2:AllocateAddress"],
    ownEc2: ["ec2:ReleaseAddress"],
  },
  "aws:ec2/eipAssociation:EipAssociation": {
    region: ["ec2:DescribeAddresses"],
    ownEc2: ["ec2:AssociateAddress", "ec2:DisassociateAddress"],
  },
  "aws:ec2/instance:Instance": {
    region: [
      "ec2:DescribeIamInstanceProfileAssociations",
      "ec2:DescribeImages",
      "ec2:DescribeInstanceCreditSpecifications",
      "ec2:DescribeInstances",
      "ec2:DescribeInstanceStatus",
      "ec2:DescribeInstanceTypes",
      "ec2:DescribeSubnets",
      "ec2:DescribeVolumes",
      "ec2:DescribeVolumesModifications",
      "ec2:DescribeVpcs",
    ],
    newEc2: ["ec2:RunInstances"],
    ownEc2: [
      "ec2:AssociateIamInstanceProfile",
      "ec2:DescribeInstanceAttribute",
      "ec2:DisassociateIamInstanceProfile",
      "ec2:ModifyInstanceAttribute",
      "ec2:ModifyInstanceMaintenanceOptions",
      "ec2:ModifyInstanceMetadataOptions",
      "ec2:ModifyVolume",
      "ec2:MonitorInstances",
      "ec2:ReplaceIamInstanceProfileAssociation",
      "ec2:RunInstances",
      "ec2:StartInstances",
      "ec2:StopInstances",
      "ec2:TerminateInstances",
      "ec2:UnmonitorInstances",
    ],
    partsOfInstance: ["ec2:RunInstances"],
    amazonImages: ["ec2:RunInstances"],
    amazonParameters: ["ssm:GetParameter"],
    givenVpc: ["ec2:RunInstances"],
    ownKeyInUse: [
      "kms:Decrypt",
      "kms:DescribeKey",
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
    ],
    volumeGrants: ["kms:CreateGrant"],
    passedRoles: ["iam:PassRole"],
  },
  "aws:route53/record:Record": {
    zone: ["route53:GetHostedZone", "route53:ListResourceRecordSets"],
    zoneRecords: ["route53:ChangeResourceRecordSets"],
    zoneChanges: ["route53:GetChange"],
  },
  "aws:s3/bucket:Bucket": {
    bucket: [
      "s3:CreateBucket",
      "s3:DeleteBucket",
      "s3:GetAccelerateConfiguration",
      "s3:GetBucketAcl",
      "s3:GetBucketCORS",
      "s3:GetBucketLogging",
      "s3:GetBucketObjectLockConfiguration",
      "s3:GetBucketRequestPayment",
      "s3:GetBucketTagging",
      "s3:GetBucketWebsite",
      "s3:GetReplicationConfiguration",
      "s3:ListBucket",
      "s3:ListBucketVersions",
      "s3:ListTagsForResource",
      "s3:PutBucketTagging",
      "s3:TagResource",
      "s3:UntagResource",
    ],
    objects: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
  },
  "aws:s3/bucketVersioning:BucketVersioning": {
    bucket: ["s3:GetBucketVersioning", "s3:PutBucketVersioning"],
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    bucket: ["s3:GetEncryptionConfiguration", "s3:PutEncryptionConfiguration"],
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    bucket: ["s3:GetBucketPublicAccessBlock", "s3:PutBucketPublicAccessBlock"],
  },
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
    bucket: ["s3:GetBucketOwnershipControls", "s3:PutBucketOwnershipControls"],
  },
  "aws:s3/bucketPolicy:BucketPolicy": {
    bucket: ["s3:DeleteBucketPolicy", "s3:GetBucketPolicy", "s3:PutBucketPolicy"],
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    bucket: ["s3:GetLifecycleConfiguration", "s3:PutLifecycleConfiguration"],
  },
  "aws:s3/bucketObjectv2:BucketObjectv2": {
    objects: [
      "s3:DeleteObject",
      "s3:DeleteObjectVersion",
      "s3:GetObject",
      "s3:GetObjectTagging",
      "s3:GetObjectVersion",
      "s3:PutObject",
      "s3:PutObjectTagging",
    ],
    ownKeyInUse: ["kms:Decrypt", "kms:GenerateDataKey"],
  },
  "aws:kms/key:Key": {
    newKey: ["kms:CreateKey"],
    untaggedKey: ["kms:TagResource"],
    ownKey: [
      "kms:DescribeKey",
      "kms:DisableKeyRotation",
      "kms:EnableKeyRotation",
      "kms:GetKeyPolicy",
      "kms:GetKeyRotationStatus",
      "kms:ListResourceTags",
      "kms:PutKeyPolicy",
      "kms:ScheduleKeyDeletion",
      "kms:TagResource",
      "kms:UntagResource",
      "kms:UpdateKeyDescription",
    ],
  },
  "aws:kms/alias:Alias": {
    region: ["kms:ListAliases"],
    alias: ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"],
    ownKey: ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"],
  },
  "aws:ssm/parameter:Parameter": {
    region: ["ssm:DescribeParameters"],
    parameters: [
      "ssm:AddTagsToResource",
      "ssm:DeleteParameter",
      "ssm:GetParameter",
      "ssm:GetParameters",
      "ssm:ListTagsForResource",
      "ssm:PutParameter",
      "ssm:RemoveTagsFromResource",
    ],
    ownKeyInUse: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
  },
  "aws:iam/role:Role": {
    roles: [
      "iam:CreateRole",
      "iam:DeleteRole",
      "iam:GetRole",
      "iam:ListAttachedRolePolicies",
      "iam:ListInstanceProfilesForRole",
      "iam:ListRolePolicies",
      "iam:TagRole",
      "iam:UntagRole",
      "iam:UpdateAssumeRolePolicy",
      "iam:UpdateRole",
    ],
  },
  "aws:iam/rolePolicy:RolePolicy": {
    roles: ["iam:DeleteRolePolicy", "iam:GetRolePolicy", "iam:PutRolePolicy"],
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    profiles: [
      "iam:AddRoleToInstanceProfile",
      "iam:CreateInstanceProfile",
      "iam:DeleteInstanceProfile",
      "iam:GetInstanceProfile",
      "iam:RemoveRoleFromInstanceProfile",
      "iam:TagInstanceProfile",
      "iam:UntagInstanceProfile",
    ],
    passedRoles: ["iam:PassRole"],
  },
  "aws:ecr/repository:Repository": {
    repository: [
      "ecr:CreateRepository",
      "ecr:DeleteRepository",
      "ecr:DescribeRepositories",
      "ecr:ListTagsForResource",
      "ecr:PutImageScanningConfiguration",
      "ecr:PutImageTagMutability",
      "ecr:TagResource",
      "ecr:UntagResource",
    ],
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
    repository: ["ecr:DeleteLifecyclePolicy", "ecr:GetLifecyclePolicy", "ecr:PutLifecyclePolicy"],
  },
  "docker:index/image:Image": {
    region: ["ecr:GetAuthorizationToken"],
    repository: [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ],
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    region: ["logs:DescribeLogGroups"],
    logGroups: [
      "logs:AssociateKmsKey",
      "logs:CreateLogGroup",
      "logs:DeleteLogGroup",
      "logs:DeleteRetentionPolicy",
      "logs:ListTagsForResource",
      "logs:PutRetentionPolicy",
      "logs:TagResource",
      "logs:UntagResource",
    ],
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    alarms: [
      "cloudwatch:DeleteAlarms",
      "cloudwatch:DescribeAlarms",
      "cloudwatch:ListTagsForResource",
      "cloudwatch:PutMetricAlarm",
      "cloudwatch:TagResource",
      "cloudwatch:UntagResource",
    ],
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    dashboards: [
      "cloudwatch:DeleteDashboards",
      "cloudwatch:GetDashboard",
      "cloudwatch:PutDashboard",
    ],
  },
  "aws:sns/topic:Topic": {
    topics: [
      "sns:CreateTopic",
      "sns:DeleteTopic",
      "sns:GetTopicAttributes",
      "sns:ListTagsForResource",
      "sns:SetTopicAttributes",
      "sns:TagResource",
      "sns:UntagResource",
    ],
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    topics: ["sns:GetTopicAttributes", "sns:SetTopicAttributes"],
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    region: ["sns:GetSubscriptionAttributes", "sns:Unsubscribe"],
    topics: ["sns:ListSubscriptionsByTopic", "sns:Subscribe"],
  },
  "aws:budgets/budget:Budget": {
    budgets: [
      "budgets:ListTagsForResource",
      "budgets:ModifyBudget",
      "budgets:TagResource",
      "budgets:UntagResource",
      "budgets:ViewBudget",
    ],
  },
} satisfies Record<string, Actions>;
