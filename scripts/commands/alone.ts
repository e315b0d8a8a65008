import { readBackend } from "../pulumi/backend.ts";
import { addressOf, oneAtATime } from "../pulumi/oneAtATime.ts";
import { patient } from "../pulumi/patience.ts";
import { project } from "../pulumi/project.ts";
import { settleLocks } from "../pulumi/settleLocks.ts";
import { removeLostCopies } from "../pulumi/stackFiles.ts";
import { stackKey } from "../pulumi/stackKey.ts";
import { settleStrays } from "../pulumi/strays.ts";

/**
 * Does a command's work on a stack with nobody else at it: waits for commands and for plain Pulumi, and
 * removes what those that were killed have left behind.
 */
export function alone<T>(command: string, stack: string, work: () => Promise<T>): Promise<T> {
  const backend = readBackend(project);
  const key = stackKey(backend, stack);
  return oneAtATime(
    { address: addressOf(key), what: `stack "${stack}"`, command },
    async () => {
      await settleLocks({ backend, project, stack, env: process.env }, patient);
      await settleStrays({ stack, key }, patient);
      removeLostCopies();
      return work();
    },
    patient,
  );
}
