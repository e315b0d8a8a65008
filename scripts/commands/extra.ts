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

/** Pulumi's options for what a command tells it itself, alone or behind short ones without a value. */
const OURS =
  /^(?:--(?:stack|config|config-file|config-path|cwd|event-log)(?:=|$)|-[defjryQ]*[scC])/;

/** For Pulumi's commands: the last one of an option wins, and nothing was checked, judged or asked for another stack. */
export function takesNoneOfOurs(command: string, extra: readonly string[]): void {
  const ours = extra.find((it) => OURS.test(it));
  if (ours !== undefined)
    throw new UserError(
      `${command} tells Pulumi itself which stack, settings and folder to take: ${ours} after a second -- is not taken`,
      [
        `another stack: npm run ${command} -- --stack NAME`,
        "another setting: into the stack's file, by npx pulumi config set",
      ],
    );
}
