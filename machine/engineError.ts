/**
 * Why the engine could not do what was asked:
 * - `endpoint`: the setting that names the engine cannot be used;
 * - `missing`: nothing is installed or nothing runs there (no socket);
 * - `refused`: a socket is there and nobody listens;
 * - `forbidden`: this user may not open the socket;
 * - `unreachable`: the host does not answer, or answers something that is no Docker Engine;
 * - `silent`: no answer in time;
 * - `unfit`: the engine answers, and is of a kind that stacks cannot run on;
 * - `answer`: the engine answered with an error, `status` says which.
 */
export type EngineErrorKind =
  "endpoint" | "missing" | "refused" | "forbidden" | "unreachable" | "silent" | "unfit" | "answer";

/** What went wrong with the Docker Engine and what a user can do about it; the message is `what - mend`. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly kind: EngineErrorKind;
  readonly what: string;
  readonly mend: string;
  /** The HTTP status of an `answer`; undefined for every other kind. */
  readonly status: number | undefined;

  constructor(
    kind: EngineErrorKind,
    what: string,
    mend: string,
    more: { status?: number; cause?: unknown } = {},
  ) {
    super(mend ? `${what} - ${mend}` : what, { cause: more.cause });
    this.kind = kind;
    this.what = what;
    this.mend = mend;
    this.status = more.status;
  }
}

/** Tells whether the engine answered that what was asked for does not exist. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof EngineError && error.status === 404;
