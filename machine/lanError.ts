/**
 * The choice to serve a LAN cannot be followed on this machine: `what` is wrong and `mend`, one line
 * each, what to do about it. The message holds both.
 */
export class LanError extends Error {
  override readonly name = "LanError";
  readonly what: string;
  readonly mend: readonly string[];

  constructor(what: string, mend: readonly string[], options?: ErrorOptions) {
    super(`${what} - ${mend.join(", ")}`, options);
    this.what = what;
    this.mend = mend;
  }
}
