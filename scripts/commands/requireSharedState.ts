import { npmRun } from "../npmRun.ts";
import { readBackend, type Backend } from "../pulumi/backend.ts";
import { project } from "../pulumi/project.ts";
import { UserError } from "../userError.ts";

export interface StateQuestion {
  readonly stack: string;
  /** Whether the user takes the state on this machine for this once. */
  readonly localState: boolean;
  /** The command that takes it. Default: `npm run up`. */
  readonly again?: string;
  /** Default: this user's. */
  readonly backend?: Backend;
}

/** Throws a UserError where the state of a stack in a cloud would lie in our own folder on this machine. */
export function requireSharedState({
  stack,
  localState,
  again = npmRun("up", stack, "--local-state"),
  backend = readBackend(project),
}: StateQuestion): void {
  if (localState || backend.owner === "user") return;
  throw new UserError(
    `the state of stack "${stack}" would lie on this machine alone, in ${backend.folder}, encrypted with a passphrase beside it`,
    [
      "if this disk is lost, nobody can update or take down what runs in AWS, and its keys are lost",
      "nobody else can deploy, and two machines that try know nothing of each other",
      "whoever copies this user's files has the keys of every room",
      `a bucket and a KMS key for it (prints a script): ${npmRun("-s state", stack, "--bucket NAME --region REGION")}`,
      "then: export PULUMI_BACKEND_URL='s3://NAME?region=REGION' (docs/state.md); Pulumi Cloud does as well: npx pulumi login",
      `to take the risk, said each time: ${again}`,
    ],
  );
}
