/** Whether what is protected in a stack may go with it. */
import { npmRun } from "../npmRun.ts";
import type { ProtectedResource } from "../pulumi/protectedResources.ts";
import type { Consent } from "../setup/privilege.ts";
import { Refusal, UserError } from "../userError.ts";
import { columns } from "./columns.ts";

/** `--unprotect` is true, `--unprotect=STACK` that name; undefined leaves what is protected alone. */
export type UnprotectOption = string | true | undefined;

export interface ReleaseQuestion {
  readonly stack: string;
  readonly held: readonly ProtectedResource[];
  readonly unprotect: UnprotectOption;
}

type Asking = Pick<Consent, "terminal" | "ask">;

const table = (held: readonly ProtectedResource[]): string =>
  columns(held.map(({ type, name, id }) => [`  ${name}`, type, id]));

/**
 * Returns when nothing is protected, or the user has named the stack and so said that it may all go.
 * Throws otherwise, before anything is taken down: a UserError where it was not asked for, a Refusal where
 * the name is another. To say yes to everything (`--yes`, CI) is not enough.
 */
export async function requireRelease(
  { stack, held, unprotect }: ReleaseQuestion,
  { terminal, ask }: Asking,
): Promise<void> {
  if (held.length === 0) return;
  if (unprotect === undefined)
    throw new UserError(
      `stack "${stack}" holds what is protected, as it cannot be had again: nothing was taken down\n${table(held)}`,
      [
        "an address goes back to AWS, and DNS, firewalls and clients that name it lead nowhere; a key takes with it all that it encrypts",
        `to release and remove it all the same: ${npmRun("down", stack, "--unprotect")}`,
      ],
    );
  const named = unprotect === true ? await askName({ stack, held }, { terminal, ask }) : unprotect;
  if (named !== stack)
    throw new Refusal(`"${named}" is not the name of stack "${stack}": nothing was taken down`, [
      npmRun("down", stack, `--unprotect=${stack}`),
    ]);
}

async function askName(
  { stack, held }: Pick<ReleaseQuestion, "stack" | "held">,
  { terminal, ask }: Asking,
): Promise<string> {
  if (!terminal)
    throw new Refusal(
      `--unprotect asks for the stack's name, and there is no terminal: nothing was taken down\n${table(held)}`,
      [npmRun("down", stack, `--unprotect=${stack}`)],
    );
  return (
    await ask(`These go for good:\n${table(held)}\nType the stack's name to release them: `)
  ).trim();
}
