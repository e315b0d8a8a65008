import type { Settings } from "../../config.ts";
import { deployerPermissions } from "../../plan/deployerPermissions.ts";
import type { DeployerInput } from "../../plan/deployerScopes.ts";
import { requireBucketName } from "../../plan/documentBucket.ts";
import { SettingsError } from "../../settingsError.ts";
import { shortName } from "../pulumi/stackFiles.ts";
import { shellWord } from "../shellWord.ts";
import { UserError } from "../userError.ts";
import { settingsOf } from "./stackSettings.ts";
import type { StackOptions } from "./withStack.ts";

export interface DeployerPolicyOptions extends StackOptions {
  /** Twelve digits. */
  readonly account: string;
  /** The documents by name, instead of commands. */
  readonly json: boolean;
}

/**
 * `npm run -s deployer-policy`: prints the commands that make the managed policies of whoever deploys the
 * stack, and runs none of them. Throws a UserError where the account or the stack's settings will not do.
 */
export function deployerPolicy({ stack, account, json }: DeployerPolicyOptions): number {
  const input = deployerInput(shortName(stack), account, settingsOf(stack));
  console.log(
    json ? JSON.stringify(deployerPermissions(input), undefined, 2) : createCommands(input),
  );
  return 0;
}

/** What the documents are made of; throws a UserError that says what is not well. */
export function deployerInput(stack: string, account: string, settings: Settings): DeployerInput {
  if (!/^\d{12}$/.test(account))
    throw new UserError(`--account is ${JSON.stringify(account)}; wanted is its twelve digits`, [
      "aws sts get-caller-identity --query Account --output text",
    ]);
  if (settings.target !== "aws")
    throw new UserError(`stack ${stack} is not deployed to AWS: its target is ${settings.target}`);
  const { region, zoneId, vpc } = settings.aws;
  try {
    requireBucketName(stack, region);
  } catch (error) {
    if (error instanceof SettingsError) throw new UserError(error.message, [], { cause: error });
    throw error;
  }
  return {
    place: { partition: partitionOf(region), accountId: account, region },
    stack,
    vpc: vpc.id === undefined ? undefined : { id: vpc.id, subnetIds: vpc.subnetIds ?? [] },
    zoneId,
  };
}

/** The part of AWS that a region of the settings is in, which know none of China: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
const partitionOf = (region: string): string =>
  region.startsWith("us-gov-") ? "aws-us-gov" : "aws";

/** A command of the AWS CLI for each document, a line each. */
export const createCommands = (input: DeployerInput): string =>
  Object.entries(deployerPermissions(input))
    .map(([name, document]) =>
      [
        "aws iam create-policy",
        `--policy-name turnkey-${input.stack}-deployer-${name}`,
        `--policy-document ${shellWord(JSON.stringify(document))}`,
      ].join(" "),
    )
    .join("\n");
