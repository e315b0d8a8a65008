/** Shows one step of the set-up while it runs: seconds and its newest line of output. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ListrLogLevels } from "listr2";

export interface StepContext {
  /** Shows a line as the step's newest. */
  readonly report: (line: string) => void;
  /** Aborted when this process is told to end: children started with it end as well. */
  readonly signal: AbortSignal;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const SHOW_CURSOR = "\u001B[?25h";

const seconds = (since: number) => `${Math.round((performance.now() - since) / 1000)} s`;

/** Ends the step's children when this process is told to end, and then ends as it would have. */
function endTogether(controller: AbortController): () => void {
  const end = (signal: NodeJS.Signals) => {
    controller.abort();
    release();
    if (process.stderr.isTTY) process.stderr.write(SHOW_CURSOR);
    process.kill(process.pid, signal);
  };
  const release = () => {
    for (const signal of SIGNALS) process.off(signal, end);
  };
  for (const signal of SIGNALS) process.on(signal, end);
  return release;
}

/**
 * Runs a step under its title on stderr, as stdout belongs to the command. On a terminal a line
 * ticks every second; elsewhere a line comes every 15 seconds.
 */
export async function runStep(
  title: string,
  run: (context: StepContext) => Promise<void>,
): Promise<void> {
  // Loaded here because most runs have nothing to do.
  const { Listr, ListrLogger, ProcessOutput } = await import("listr2");
  const terminal = process.stderr.isTTY;
  const controller = new AbortController();
  const release = endTogether(controller);
  const logger = new ListrLogger<ListrLogLevels>({
    useIcons: true,
    processOutput: new ProcessOutput(process.stderr, process.stderr),
  });
  let failure: { readonly error: unknown } | undefined;
  const steps = new Listr(
    [
      {
        title,
        task: async (_context, task) => {
          const started = performance.now();
          let newest = "";
          const show = () => {
            task.output = newest ? `${seconds(started)}: ${newest}` : seconds(started);
          };
          const timer = setInterval(show, terminal ? 1000 : 15_000);
          const report = (line: string) => {
            newest = line;
          };
          try {
            await run({ report, signal: controller.signal });
          } catch (error) {
            failure = { error };
            // Who asked for the step tells the reason, and once is enough.
            throw new Error(`failed after ${seconds(started)}`, { cause: error });
          } finally {
            clearInterval(timer);
          }
          task.title = `${title} (${seconds(started)})`;
        },
      },
    ],
    {
      renderer: terminal ? "default" : "simple",
      rendererOptions: { logger, showErrorMessage: false },
      fallbackRendererOptions: { logger },
      registerSignalListeners: false,
    },
  );
  try {
    await steps.run();
  } catch (error) {
    throw failure ? failure.error : error;
  } finally {
    release();
  }
}

/** What may pass unannounced. */
const QUICK_MS = 500;

/** Gives the result of work that is under way; it becomes a step once it has taken half a second. */
export async function runStepIfSlow<Result>(title: string, work: Promise<Result>): Promise<Result> {
  const timer = new AbortController();
  const slow = sleep(QUICK_MS, "slow" as const, { signal: timer.signal });
  try {
    if ((await Promise.race([work, slow])) === "slow")
      await runStep(title, async () => {
        await work;
      });
    return await work;
  } finally {
    timer.abort();
    await slow.catch(() => undefined);
  }
}
