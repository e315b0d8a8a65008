import { project } from "../pulumi/project.ts";
import { run } from "../pulumi/operations.ts";
import { requireStackFile } from "../pulumi/stackFiles.ts";
import { createStack, readStack } from "../pulumi/stackState.ts";
import type { UpOptions } from "./up.ts";
import { withStack } from "./withStack.ts";

/** `npm run preview`: what `up` would change. A stack that does not exist yet is made first, empty. */
export function preview({ extra, ...options }: UpOptions): Promise<number> {
  requireStackFile(project, options.stack);
  return withStack(
    options,
    async (stack) => {
      if (!(await readStack(stack))) await createStack(stack);
      return run(stack, "preview", { confirm: false, extra });
    },
    ["cli", "engine", "images"],
  );
}
