/** A browser in a network namespace. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { findProgram, privilege } from "../../scripts/setup/privilege.ts";
import { launchBrowser } from "./browser.ts";

const quoted = (words: readonly string[]) => words.map((it) => `'${it}'`).join(" ");

/**
 * Starts it there; entering takes root, the browser itself runs as this user. It is driven over file
 * descriptors 3 and 4, which sudo closes: they go through as standard input and output.
 */
export async function launchBrowserIn(
  namespace: string,
  args: readonly string[],
): Promise<Browser> {
  const [ip, before] = [findProgram("ip"), privilege()];
  if (ip === undefined || before === undefined)
    throw new Error("ip and root are needed; `npm test` readies them for the suites that ask");
  const folder = mkdtempSync(join(tmpdir(), "turnkey-browser-"));
  const program = join(folder, "browser");
  const user = [`--reuid=${process.getuid?.()}`, `--regid=${process.getgid?.()}`, "--clear-groups"];
  const enter = quoted([
    ...(before.length > 0 ? ["sudo", "-n"] : []),
    ip,
    "netns",
    "exec",
    namespace,
    "env",
    `HOME=${homedir()}`,
    "setpriv",
    ...user,
    "sh",
    "-c",
  ]);
  const inside = `exec "$0" "$@" 3<&0 4>&1 0</dev/null 1>&2`;
  try {
    return await launchBrowser(args, (file) => {
      writeFileSync(program, `#!/bin/sh\nexec ${enter} '${inside}' '${file}' "$@" 0<&3 1>&4\n`);
      chmodSync(program, 0o755);
      return program;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
