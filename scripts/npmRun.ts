/** The stack that commands take when none is named. */
export const DEFAULT_STACK = "dev";

/** The command line of an npm script for a stack, to be copied from a message. */
export function npmRun(script: string, stack: string, args = ""): string {
  const given = [...(stack === DEFAULT_STACK ? [] : [`--stack ${stack}`]), ...(args ? [args] : [])];
  return [`npm run ${script}`, ...(given.length > 0 ? ["--", ...given] : [])].join(" ");
}
