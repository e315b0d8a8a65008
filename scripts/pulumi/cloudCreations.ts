/** What an interrupted creation in AWS may have left, and how Pulumi finds it again. */

/**
 * `again`: to create it once more does the same (AWS API references: these calls put, or answer with what
 * is there). `import`: it bears a name of the program's, which is Pulumi's id for it. `unknown`: AWS
 * names it, so nobody here can tell whether it exists.
 */
export type Creation =
  | { readonly kind: "again" }
  | { readonly kind: "import"; readonly id: string }
  | { readonly kind: "unknown" };

const AGAIN: ReadonlySet<string> = new Set([
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  // AssociateAddress with AllowReassociation.
  "aws:ec2/eipAssociation:EipAssociation",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  "aws:cloudwatch/logMetricFilter:LogMetricFilter",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:cloudwatch/dashboard:Dashboard",
  "aws:sns/topic:Topic",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sns/topicSubscription:TopicSubscription",
  "docker:index/image:Image",
]);

/** The input that is the id (the kinds' "Import" sections in the provider's documentation). */
const NAMED: Readonly<Record<string, string>> = {
  "aws:s3/bucket:Bucket": "bucket",
  "aws:ssm/parameter:Parameter": "name",
  "aws:iam/role:Role": "name",
  "aws:iam/instanceProfile:InstanceProfile": "name",
  "aws:ecr/repository:Repository": "name",
  "aws:cloudwatch/logGroup:LogGroup": "name",
  "aws:kms/alias:Alias": "name",
};

/** What may be there of a resource whose creation did not end, by its type token and inputs. */
export function creationOf(
  type: string,
  inputs: Readonly<Record<string, unknown>> | undefined,
): Creation {
  if (AGAIN.has(type)) return { kind: "again" };
  const key = NAMED[type];
  const id = key === undefined ? undefined : inputs?.[key];
  return typeof id === "string" && id !== "" ? { kind: "import", id } : { kind: "unknown" };
}
