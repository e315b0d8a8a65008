/** What whoever deploys a stack may do in AWS: as much as the kinds of resource in it ask for. */
import { deployerActions, everywhere } from "./deployerActions.ts";
import { scopes, type DeployerInput, type Scope } from "./deployerScopes.ts";
import { iamDocument, type IamDocument, type Statement } from "./iamDocument.ts";

/** Scopes by document: a managed policy has at most 6,144 characters, white space not counted. */
const documents = {
  network: [
    "region",
    "newEc2",
    "tagsOfNewEc2",
    "ownEc2",
    "untaggedEc2",
    "partsOfInstance",
    "amazonImages",
    "givenVpc",
  ],
  data: [
    "bucket",
    "objects",
    "newKey",
    "untaggedKey",
    "ownKey",
    "alias",
    "ownKeyInUse",
    "volumeGrants",
    "parameters",
    "amazonParameters",
    "repository",
  ],
  operations: [
    "roles",
    "passedRoles",
    "profiles",
    "logGroups",
    "alarms",
    "dashboards",
    "topics",
    "budgets",
    "zone",
    "zoneRecords",
    "zoneChanges",
  ],
} as const satisfies Record<string, readonly Scope[]>;

export type DeployerDocument = keyof typeof documents;

/** The documents, each for a managed policy of its own: a deployer needs all three. */
export const deployerPermissions = (
  input: DeployerInput,
): Readonly<Record<DeployerDocument, IamDocument>> => ({
  network: documentOf(documents.network, input),
  data: documentOf(documents.data, input),
  operations: documentOf(documents.operations, input),
});

const documentOf = (of: readonly Scope[], input: DeployerInput): IamDocument =>
  iamDocument(of.flatMap((scope) => statement(scope, input)));

function statement(scope: Scope, input: DeployerInput): Statement[] {
  const scoped = scopes[scope](input);
  if (scoped === undefined) return [];
  const Sid = scope.charAt(0).toUpperCase() + scope.slice(1);
  return [{ Sid, Effect: "Allow", Action: actionsOf(scope), ...scoped }];
}

/** Of all kinds, each action once. */
const actionsOf = (scope: Scope): string[] =>
  [
    ...new Set(
      [everywhere, ...Object.values(deployerActions)].flatMap(
        (actions: Readonly<Partial<Record<Scope, readonly string[]>>>) => actions[scope] ?? [],
      ),
    ),
  ].toSorted();
