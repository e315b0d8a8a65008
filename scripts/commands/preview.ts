import { project } from "../pulumi/project.ts";
import type { OpenStack } from "../pulumi/openStack.ts";
import { run } from "../pulumi/operations.ts";
import { requireStackFile } from "../pulumi/stackFiles.ts";
import { createStack, readStack } from "../pulumi/stackState.ts";
import { alone } from "./alone.ts";
import { previewNeeds } from "./targetOf.ts";
import { withStack, type InstallOptions } from "./withStack.ts";

export interface PreviewOptions extends InstallOptions {
  readonly extra: readonly string[];
}

/** `npm run preview`: what `up` would change. A stack that does not exist yet is made first, empty. */
export function preview({ extra, ...options }: PreviewOptions): Promise<number> {
  requireStackFile(project, options.stack);
  const show = async (stack: OpenStack) => {
    if (!(await readStack(stack))) await createStack(stack);
    return run(stack, "preview", { confirm: false, extra });
  };
  return alone("preview", options.stack, () =>
    withStack(options, show, previewNeeds(options.stack)),
  );
}
