import * as z from "zod";
import { isHeldTo, type Statement, statementText } from "../../iamStatements.ts";
import type { Finding, ResourceRule } from "../../rule.ts";
import { identityDocuments } from "./iamDocuments.ts";

const Anywhere = z.strictObject({
  action: z.string().describe("such as `ecr:GetAuthorizationToken`"),
  condition: z
    .string()
    .optional()
    .describe("condition key that the statement must hold it to, such as `cloudwatch:namespace`"),
});

/**
 * Actions that AWS lets nobody hold to a resource (Service Authorization Reference). `UpdateInstanceInformation`
 * has one: the instance itself, whose id does not exist before the role does.
 */
const ANYWHERE = [
  { action: "cloudwatch:PutMetricData", condition: "cloudwatch:namespace" },
  { action: "ec2messages:AcknowledgeMessage" },
  { action: "ec2messages:DeleteMessage" },
  { action: "ec2messages:FailMessage" },
  { action: "ec2messages:GetEndpoint" },
  { action: "ec2messages:GetMessages" },
  { action: "ec2messages:SendReply" },
  { action: "ecr:GetAuthorizationToken" },
  { action: "ssm:UpdateInstanceInformation" },
  { action: "ssmmessages:CreateControlChannel" },
  { action: "ssmmessages:CreateDataChannel" },
  { action: "ssmmessages:OpenControlChannel" },
  { action: "ssmmessages:OpenDataChannel" },
  { action: "sts:GetCallerIdentity" },
];

const config = z.strictObject({
  anywhere: z
    .array(Anywhere)
    .default(ANYWHERE)
    .describe("Actions that may be allowed on every resource, because they have none of their own"),
});

/** A role reaches what it is for: its own parameters, bucket and repository, not all of the account. */
export const iamResources: ResourceRule<z.infer<typeof config>> = {
  name: "iam-resources-named",
  description: "IAM policies name the resources that they allow an action on.",
  level: "mandatory",
  severity: "high",
  mirrors: ["CKV_AWS_355"],
  config,
  checkResource: (resource, { anywhere }) =>
    identityDocuments(resource).flatMap(({ path, statements }) =>
      statements
        .filter(({ allows }) => allows)
        .flatMap((statement): readonly Finding[] => {
          const wide = statement.resources.filter(isEvery);
          if (wide.length === 0) return [];
          return statement.actions
            .filter((action) => !anywhere.some((it) => allows(it, action, statement)))
            .map((action) => ({
              what: `allows ${action} on every resource`,
              seen: `${path}, ${statementText(statement, "the resource", wide[0])}`,
              mend: mendOf(anywhere.find((it) => it.action === action)?.condition),
            }));
        }),
    ),
};

/** `*`, and ARNs that are one behind the name of the service or of the kind; of S3 the bucket's name counts. */
function isEvery(resource: string): boolean {
  if (/^[*?]+$/.test(resource)) return true;
  const [, , service = "", , , ...rest] = resource.split(":");
  const name = rest.join(":");
  return service === "s3" ? /^[*?]/.test(name) : /^(?:[\w-]+[:/]){0,1}[*?]/.test(name);
}

const allows = (
  { action, condition }: z.infer<typeof Anywhere>,
  wanted: string,
  statement: Statement,
) =>
  action === wanted &&
  (condition === undefined ||
    isHeldTo(statement, (key) => key.toLowerCase() === condition.toLowerCase()));

const mendOf = (condition: string | undefined) =>
  condition === undefined
    ? "name the resource's ARN"
    : `hold it to one value by a condition on ${condition}`;
