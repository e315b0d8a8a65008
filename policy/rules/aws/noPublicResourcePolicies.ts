import { isHeldTo, type Statement, statementText } from "../../iamStatements.ts";
import type { ResourceRule } from "../../rule.ts";
import { resourceDocuments } from "./iamDocuments.ts";

/** Condition keys that leave an account or less of everybody. */
const NARROWS =
  /^(?:aws:(?:sourcearn|sourceaccount|sourceowner|sourceorgid|principalarn|principalaccount|principalorgid)|kms:calleraccount)$/i;

/** A bucket, key or topic that everybody may use belongs to everybody. */
export const noPublicResourcePolicies: ResourceRule = {
  name: "no-public-resource-policies",
  description: "Policies of buckets, keys, topics and repositories allow nothing to everybody.",
  level: "mandatory",
  severity: "critical",
  mirrors: ["CKV_AWS_70", "CKV_AWS_33", "CKV_AWS_169", "CKV_AWS_32"],
  checkResource: (resource) =>
    resourceDocuments(resource).flatMap(({ path, statements }) =>
      statements.filter(isForEverybody).map((statement) => ({
        what: "allows everybody",
        seen: `${path}, ${statementText(statement, "the principal", "*")}`,
        mend: "name the account, role or service, or narrow it by aws:SourceArn or aws:SourceAccount",
      })),
    ),
};

function isForEverybody(statement: Statement) {
  const { allows, principals, inverted } = statement;
  const everybody =
    principals.some(([, who]) => who === "*") || (inverted && principals.length === 0);
  return allows && everybody && !isHeldTo(statement, (key) => NARROWS.test(key), isAnybodys);
}

/** A value that does not name an account, an organisation or a bucket. */
function isAnybodys(value: string): boolean {
  const [scheme, , , , account = "", ...rest] = value.split(":");
  if (scheme !== "arn") return /^(?:o-)?[*?]+$/.test(value);
  return /[*?]/.test(account) || (account === "" && /^[*?]|^$/.test(rest.join(":")));
}
