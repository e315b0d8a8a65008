import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { OpenStack } from "../pulumi/openStack.ts";
import type { PolicyRun } from "../pulumi/operations.ts";
import { policyConfig, type PolicySubject } from "./policyConfig.ts";

/** The folder of our pack, relative to the project. */
const PACK = "policy";

/** Our policy pack with the configuration for a stack, in a file that goes with the copies of the stack's files. */
export function policyRun({ files }: Pick<OpenStack, "files">, subject: PolicySubject): PolicyRun {
  const configFile = join(files.folder, "policy.json");
  writeFileSync(configFile, JSON.stringify(policyConfig(subject), undefined, 2));
  return { pack: PACK, configFile };
}
