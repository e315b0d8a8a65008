import { project } from "../pulumi/project.ts";
import type { OpenStack } from "../pulumi/openStack.ts";
import { run } from "../pulumi/operations.ts";
import { requireStackFile } from "../pulumi/stackFiles.ts";
import { createStack, readStack } from "../pulumi/stackState.ts";
import { alone } from "./alone.ts";
import { planOf } from "./planOf.ts";
import { policyRun } from "./policyRun.ts";
import { previewNeeds } from "./targetOf.ts";
import { withStack, type InstallOptions } from "./withStack.ts";

export interface PolicyOptions extends InstallOptions {
  readonly extra: readonly string[];
}

/**
 * `npm run policy`: judges what `up` would deploy by the policy pack, and changes nothing; not 0 when a
 * mandatory rule is violated. A stack that does not exist yet is made first, empty.
 */
export function policy({ extra, ...options }: PolicyOptions): Promise<number> {
  const { stack } = options;
  requireStackFile(project, stack);
  const judge = async (open: OpenStack) => {
    const { config } = (await readStack(open)) ?? (await createStack(open));
    const subject = await planOf(config, stack);
    return run(open, "preview", { confirm: false, extra, policy: policyRun(open, subject) });
  };
  return alone("policy", stack, () => withStack(options, judge, previewNeeds(stack)));
}
