/** Where in AWS a stack is, and the names that follow from it: known before anything is deployed. */

/** An account's part of AWS. */
export interface AwsPlace {
  /** `aws`; `aws-cn` in China, `aws-us-gov` in the US government's regions. */
  readonly partition: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** Such as `eu-central-1`. */
  readonly region: string;
}

/** The ARN of what a service has in the place; `resource` as the service writes it, such as `parameter/a/b`. */
export const arnIn = (
  { partition, accountId, region }: AwsPlace,
  service: string,
  resource: string,
): string => `arn:${partition}:${service}:${region}:${accountId}:${resource}`;

/** The ARN of an S3 bucket, which names neither account nor region. */
export const bucketArn = ({ partition }: AwsPlace, bucket: string): string =>
  `arn:${partition}:s3:::${bucket}`;

/** Where a stack's secrets are in Parameter Store, without a slash at the end. */
export const parameterPath = (stack: string): string => `/turnkey/${stack}`;

/** The name of the image repository of a stack's API. */
export const repositoryName = (stack: string): string => `turnkey/${stack}/api`;

/** Names of log groups of a stack begin so. */
export const logGroupPrefix = (stack: string): string => `/turnkey/${stack}/`;

/**
 * Names of a stack's things begin so where an account has one list for all regions: IAM's roles, budgets and
 * dashboards. Stacks of one name in two regions are two.
 */
export const globalName = (stack: string, { region }: Pick<AwsPlace, "region">): string =>
  `turnkey-${stack}-${region}`;

/** The IAM role of a stack's node, and its instance profile: at most 64 characters, as the bucket's name is longer. */
export const nodeRoleName = (stack: string, place: Pick<AwsPlace, "region">): string =>
  `${globalName(stack, place)}-node`;

/** The IAM role by which flow logs are written. */
export const flowLogsRoleName = (stack: string, place: Pick<AwsPlace, "region">): string =>
  `${globalName(stack, place)}-flow-logs`;

/** The alias of a stack's KMS key. */
export const keyAlias = (stack: string): string => `alias/turnkey-${stack}`;
