const parentCheckMs = 1_000;

/**
 * Calls `end` once when the Pulumi CLI is gone or wants this plugin to go: at the end of stdin, on
 * SIGINT or SIGTERM, or when the parent process changes. The CLI keeps a pipe to every plugin's
 * stdin, so its end tells of a killed CLI, too.
 */
export function untilParentEnds(end: () => void): void {
  let ended = false;
  const once = () => {
    if (ended) return;
    ended = true;
    end();
  };
  process.stdin.on("end", once).on("error", once).resume();
  // A write to a CLI that is gone must not become an uncaught exception.
  process.stdout.on("error", once);
  process.stderr.on("error", once);
  process.on("SIGINT", once).on("SIGTERM", once);
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) once();
  }, parentCheckMs).unref();
}
