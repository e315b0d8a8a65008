import { homedir, userInfo } from "node:os";
import { pulumiHome } from "../../machine/folders.ts";
import { project } from "../pulumi/project.ts";
import { login, type Login } from "../pulumi/openStack.ts";

/** A text as one word of a POSIX shell. */
export const shellWord = (text: string) =>
  /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * Lines for `eval`: what a bare `npx pulumi` needs to work on the same stacks as the scripts.
 * `home` is there when Pulumi would look for its folder in another place than we do.
 */
export function envLines({ backend, variables }: Login, home?: string): string {
  if (backend.owner === "user")
    return `# nothing is needed: Pulumi uses your own backend (${backend.chosenBy})`;
  return Object.entries({ ...variables, ...(home && { PULUMI_HOME: home }) })
    .map(([name, value]) => `export ${name}=${shellWord(value)}`)
    .join("\n");
}

/** `npm run -s env`. Readies our backend, so that what it prints works at once. */
export function env(): number {
  // Pulumi takes the home folder of /etc/passwd, whatever HOME says.
  const elsewhere = !process.env["PULUMI_HOME"] && userInfo().homedir !== homedir();
  console.log(envLines(login(project), elsewhere ? pulumiHome() : undefined));
  return 0;
}
