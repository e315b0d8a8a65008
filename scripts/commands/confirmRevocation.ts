import { npmRun } from "../npmRun.ts";
import type { Consent } from "../setup/privilege.ts";
import { Refusal } from "../userError.ts";

export interface RevocationQuestion {
  readonly stack: string;
  /** What is about to be done, such as `revoke the keys of generation 2`. */
  readonly what: string;
  /** What that does to calls, a line each. */
  readonly effects: readonly string[];
  /** The arguments of `npm run revoke` that ask for it. */
  readonly args: string;
}

/** Throws a Refusal, with the command that asks nothing, unless the user agrees. */
export async function confirmRevocation(
  { stack, what, effects, args }: RevocationQuestion,
  { yes, terminal, ask }: Pick<Consent, "yes" | "terminal" | "ask">,
): Promise<void> {
  if (yes) return;
  const command = npmRun("revoke", stack, `${args} --yes`);
  if (!terminal)
    throw new Refusal(
      `to ${what} is asked for first, and there is no terminal: nothing was changed`,
      [command],
    );
  const answer = await ask(
    `${what} of stack "${stack}", and deploy it?\n${effects.map((it) => `  ${it}\n`).join("")}[y/N] `,
  );
  if (!/^y(es)?$/i.test(answer.trim()))
    throw new Refusal("nothing was changed; to do it without being asked:", [command]);
}
