/** An error that the person at the terminal can mend: told in a few lines, without a stack. */

/**
 * Says what is wrong (`message`, lowercase, no final period) and what to do about it (`mend`, one
 * line each, commands among them). `cli.ts` prints `told()` and exits with 1; anything else that is
 * thrown is a bug and keeps its stack.
 */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly mend: readonly string[];

  constructor(message: string, mend: readonly string[] = [], options?: ErrorOptions) {
    super(message, options);
    this.mend = mend;
  }

  /** The message and the mend as they are printed: the mend indented below. */
  told(): string {
    return [this.message, ...this.mend.map((line) => `  ${line}`)].join("\n");
  }
}

/** The user said no to a system-wide change, or could not be asked: nothing is wrong, something is missing. */
export class Refusal extends UserError {}
