import type { AwsKind } from "./awsKind.ts";
import * as address from "./kinds/address.ts";
import * as bucket from "./kinds/bucket.ts";
import { budget } from "./kinds/budgets.ts";
import * as cloudwatch from "./kinds/cloudwatch.ts";
import * as ecr from "./kinds/ecr.ts";
import * as iam from "./kinds/iam.ts";
import { instance } from "./kinds/instance.ts";
import * as kms from "./kinds/kms.ts";
import * as network from "./kinds/network.ts";
import { bucketObject } from "./kinds/object.ts";
import { record } from "./kinds/route53.ts";
import * as securityGroup from "./kinds/securityGroup.ts";
import * as sns from "./kinds/sns.ts";
import { parameter } from "./kinds/ssm.ts";

/** Every kind of AWS resource that Turnkey declares, by Pulumi's type token. */
export const awsKinds: { readonly [token: string]: AwsKind } = {
  "aws:ec2/vpc:Vpc": network.vpc,
  "aws:ec2/subnet:Subnet": network.subnet,
  "aws:ec2/internetGateway:InternetGateway": network.internetGateway,
  "aws:ec2/routeTable:RouteTable": network.routeTable,
  "aws:ec2/route:Route": network.route,
  "aws:ec2/routeTableAssociation:RouteTableAssociation": network.routeTableAssociation,
  "aws:ec2/flowLog:FlowLog": network.flowLog,
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": securityGroup.defaultSecurityGroup,
  "aws:ec2/securityGroup:SecurityGroup": securityGroup.securityGroup,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule":
    securityGroup.securityGroupIngressRule,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": securityGroup.securityGroupEgressRule,
  "aws:ec2/eip:Eip": address.eip,
  "aws:ec2/eipAssociation:EipAssociation": address.eipAssociation,
  "aws:ec2/instance:Instance": instance,
  "aws:route53/record:Record": record,
  "aws:s3/bucket:Bucket": bucket.bucket,
  "aws:s3/bucketVersioning:BucketVersioning": bucket.bucketVersioning,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    bucket.bucketServerSideEncryptionConfiguration,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucket.bucketPublicAccessBlock,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucket.bucketOwnershipControls,
  "aws:s3/bucketPolicy:BucketPolicy": bucket.bucketPolicy,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration":
    bucket.bucketLifecycleConfiguration,
  "aws:s3/bucketObjectv2:BucketObjectv2": bucketObject,
  "aws:kms/key:Key": kms.key,
  "aws:kms/alias:Alias": kms.alias,
  "aws:ssm/parameter:Parameter": parameter,
  "aws:iam/role:Role": iam.role,
  "aws:iam/rolePolicy:RolePolicy": iam.rolePolicy,
  "aws:iam/instanceProfile:InstanceProfile": iam.instanceProfile,
  "aws:ecr/repository:Repository": ecr.repository,
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": ecr.lifecyclePolicy,
  "aws:cloudwatch/logGroup:LogGroup": cloudwatch.logGroup,
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": cloudwatch.logMetricFilter,
  "aws:cloudwatch/metricAlarm:MetricAlarm": cloudwatch.metricAlarm,
  "aws:cloudwatch/dashboard:Dashboard": cloudwatch.dashboard,
  "aws:sns/topic:Topic": sns.topic,
  "aws:sns/topicPolicy:TopicPolicy": sns.topicPolicy,
  "aws:sns/topicSubscription:TopicSubscription": sns.topicSubscription,
  "aws:budgets/budget:Budget": budget,
};
