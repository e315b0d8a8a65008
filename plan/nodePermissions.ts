/** What a node may do in AWS: read its own document and secrets, keep its certificate, tell how it is. */
import { arnIn, bucketArn, parameterPath, repositoryName, type AwsPlace } from "./awsPlace.ts";
import { CERTIFICATE_KEY, DOCUMENT_KEY } from "./documentBucket.ts";
import { iamDocument, type IamDocument, type Statement } from "./iamDocument.ts";

/**
 * The actions of a node that know no resources, so that `*` is all that can be named, with where AWS says so:
 * pages of the service authorization reference, https://docs.aws.amazon.com/service-authorization/latest/reference/.
 */
export const ACTIONS_WITHOUT_RESOURCES = {
  "cloudwatch:PutMetricData": "list_amazoncloudwatch.html",
  "ecr:GetAuthorizationToken": "list_amazonelasticcontainerregistry.html",
  "ssmmessages:CreateControlChannel": "list_amazonmessagegatewayservice.html",
  "ssmmessages:CreateDataChannel": "list_amazonmessagegatewayservice.html",
  "ssmmessages:OpenControlChannel": "list_amazonmessagegatewayservice.html",
  "ssmmessages:OpenDataChannel": "list_amazonmessagegatewayservice.html",
} as const;

const SESSION_CHANNELS = [
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
] as const;

/** EC2 and nobody else may take the node's role. */
export const nodeTrust: IamDocument = iamDocument([
  {
    Sid: "Ec2",
    Effect: "Allow",
    Principal: { Service: "ec2.amazonaws.com" },
    Action: ["sts:AssumeRole"],
  },
]);

export interface NodePermissionsInput {
  readonly place: AwsPlace;
  readonly stack: string;
  /** Of the node document. */
  readonly bucketName: string;
  /** That the node writes to. */
  readonly logGroupName: string;
  /** Of the CloudWatch metrics that the node publishes. */
  readonly metricNamespace: string;
  /** Whether the API's image is in the stack's own repository. */
  readonly pullsImage: boolean;
}

/** All but the use of the key: every name in it is known before anything is deployed, so that a policy can judge it. */
export function nodePermissions(input: NodePermissionsInput): IamDocument {
  const { place, stack, logGroupName } = input;
  const bucket = bucketArn(place, input.bucketName);
  return iamDocument([
    allow("ReadsItsDocument", ["s3:GetObject", "s3:GetObjectVersion"], `${bucket}/${DOCUMENT_KEY}`),
    allow("KeepsItsCertificate", ["s3:GetObject", "s3:PutObject"], `${bucket}/${CERTIFICATE_KEY}`),
    allow(
      "ReadsItsSecrets",
      ["ssm:GetParameter", "ssm:GetParameters"],
      arnIn(place, "ssm", `parameter${parameterPath(stack)}/*`),
    ),
    allow(
      "WritesItsLog",
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      arnIn(place, "logs", `log-group:${logGroupName}:log-stream:*`),
    ),
    {
      ...allow("PublishesItsMetrics", ["cloudwatch:PutMetricData"], "*"),
      Condition: { StringEquals: { "cloudwatch:namespace": input.metricNamespace } },
    },
    ...(input.pullsImage ? pullsImage(place, stack) : []),
    // https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-add-permissions-to-existing-profile.html
    allow(
      "TellsThatItIsThere",
      ["ssm:UpdateInstanceInformation"],
      arnIn(place, "ec2", "instance/*"),
    ),
    allow("IsReachedBySessions", SESSION_CHANNELS, "*"),
  ]);
}

const pullsImage = (place: AwsPlace, stack: string): Statement[] => [
  allow("SignsInToPull", ["ecr:GetAuthorizationToken"], "*"),
  allow(
    "PullsItsImage",
    ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    arnIn(place, "ecr", `repository/${repositoryName(stack)}`),
  ),
];

/**
 * The use of the stack's key: through Parameter Store for the stack's own secrets, and through S3 for the
 * bucket. Both services say what they decrypt in the encryption context: the parameter's ARN, and with
 * bucket keys the bucket's (https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html).
 */
export function nodeKeyPermissions(
  input: Pick<NodePermissionsInput, "place" | "stack" | "bucketName">,
  keyArn: string,
): IamDocument {
  const { place, stack } = input;
  const via = (service: string) => ({
    StringEquals: { "kms:ViaService": `${service}.${place.region}.amazonaws.com` },
  });
  return iamDocument([
    {
      ...allow("OpensItsSecrets", ["kms:Decrypt"], keyArn),
      Condition: {
        ...via("ssm"),
        StringLike: {
          "kms:EncryptionContext:PARAMETER_ARN": arnIn(
            place,
            "ssm",
            `parameter${parameterPath(stack)}/*`,
          ),
        },
      },
    },
    {
      ...allow("OpensItsBucket", ["kms:Decrypt", "kms:GenerateDataKey"], keyArn),
      Condition: {
        StringEquals: {
          ...via("s3").StringEquals,
          "kms:EncryptionContext:aws:s3:arn": bucketArn(place, input.bucketName),
        },
      },
    },
  ]);
}

const allow = (Sid: string, Action: readonly string[], resource: string): Statement => ({
  Sid,
  Effect: "Allow",
  Action,
  Resource: [resource],
});
