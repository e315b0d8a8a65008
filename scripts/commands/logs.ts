import { connectEngine, withQuery } from "../../machine/dockerEngine.ts";
import { isNotFound } from "../../machine/engineError.ts";
import { StackOutputs } from "../../turn/outputs.ts";
import { npmRun } from "../npmRun.ts";
import { checkOutputs, readOutputs } from "../pulumi/stackState.ts";
import { UserError } from "../userError.ts";
import { logsAreInAws } from "./awsLogs.ts";
import { printLog } from "./printLog.ts";
import { withStack, type StackOptions } from "./withStack.ts";

export interface LogsOptions extends StackOptions {
  /** At most one: a name among the stack's containers; all of them when absent. */
  readonly args: readonly string[];
  readonly follow: boolean;
  /** Lines of each container's past; all when absent. */
  readonly tail?: number;
}

type Containers = Readonly<Record<string, string>>;

/** The containers asked for, by service. */
export function chooseContainers(containers: Containers, service?: string): [string, string][] {
  const all = Object.entries(containers);
  if (service === undefined) return all;
  const found = all.find(([name]) => name === service);
  if (found) return [found];
  throw new UserError(`there is no service "${service}" in this stack`, [
    `there are: ${all.map(([name]) => name).join(", ")}`,
  ]);
}

/** `npm run logs`: through the engine's API, as the docker command may be missing; of a node in AWS it tells where they are. */
export const logs = ({ args, follow, tail, ...options }: LogsOptions): Promise<number> =>
  withStack(options, async (stack) => {
    const { containers, cloud } = checkOutputs(
      stack.stack,
      await readOutputs(stack, { secrets: false }),
      StackOutputs.pick({ containers: true, cloud: true }),
    );
    const chosen = chooseContainers(containers, args[0]);
    if (cloud) throw logsAreInAws({ stack: stack.stack, cloud, service: args[0], follow });
    const engine = connectEngine();
    await Promise.all(
      chosen.map(async ([name, container]) => {
        const path = withQuery(`/containers/${container}/logs`, {
          stdout: true,
          stderr: true,
          follow,
          tail: tail ?? "all",
        });
        const stream = await engine.raw("GET", path).catch((error: unknown) => {
          if (isNotFound(error))
            throw new UserError(`the container ${container} does not exist any more`, [
              `make it again: ${npmRun("up", stack.stack)}`,
            ]);
          throw error;
        });
        await printLog(stream, chosen.length > 1 ? `${name} | ` : "");
      }),
    );
    return 0;
  });
