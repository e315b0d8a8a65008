import { type Statement, statementsOf } from "../../iamStatements.ts";
import { itemsOf, peek } from "../../known.ts";
import type { Resource } from "../../rule.ts";

export interface IamDocument {
  /** The input that holds it. */
  readonly path: string;
  readonly statements: readonly Statement[];
}

const IDENTITY_POLICIES: ReadonlySet<string> = new Set([
  "aws:iam/policy:Policy",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
]);

const RESOURCE_POLICIES: ReadonlySet<string> = new Set([
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketV2:BucketV2",
  "aws:kms/key:Key",
  "aws:kms/keyPolicy:KeyPolicy",
  "aws:kms/externalKey:ExternalKey",
  "aws:kms/replicaKey:ReplicaKey",
  "aws:sns/topic:Topic",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sqs/queue:Queue",
  "aws:sqs/queuePolicy:QueuePolicy",
  "aws:secretsmanager/secret:Secret",
  "aws:secretsmanager/secretPolicy:SecretPolicy",
  "aws:ecr/repositoryPolicy:RepositoryPolicy",
]);

/** What a role, user or group may do. Ends a rule where a document is not known yet. */
export function identityDocuments({ type, props }: Resource): readonly IamDocument[] {
  if (IDENTITY_POLICIES.has(type)) return documentAt("policy", props["policy"]);
  if (type !== "aws:iam/role:Role") return [];
  return itemsOf(props, "inlinePolicies").flatMap((it, index) =>
    documentAt(`inlinePolicies[${index}].policy`, peek(it, "policy")),
  );
}

/** Who may do something with a resource. Ends a rule where a document is not known yet. */
export const resourceDocuments = ({ type, props }: Resource): readonly IamDocument[] =>
  RESOURCE_POLICIES.has(type) ? documentAt("policy", props["policy"]) : [];

function documentAt(path: string, document: unknown): readonly IamDocument[] {
  const statements = statementsOf(document);
  return statements === undefined ? [] : [{ path, statements }];
}
