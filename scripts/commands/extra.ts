/** What is given after `--` goes to the tool behind a command. */
import { UserError } from "../userError.ts";

/** The arguments before and after the first `--`. */
export function splitExtra(args: readonly string[]): { own: string[]; extra: string[] } {
  const at = args.indexOf("--");
  return at < 0
    ? { own: [...args], extra: [] }
    : { own: args.slice(0, at), extra: args.slice(at + 1) };
}

/** For a command without such a tool. */
export function takesNothingMore(command: string, extra: readonly string[]): void {
  if (extra.length > 0)
    throw new UserError(`${command} takes no arguments after a second --: ${extra.join(" ")}`, [
      `leave it out: npm run ${command} -- ${extra.join(" ")}`,
    ]);
}
