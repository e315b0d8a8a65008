import { connectEngine } from "../../machine/dockerEngine.ts";
import type { DoctorContext } from "./check.ts";
import { once } from "./once.ts";

export type ContextInput = Pick<
  DoctorContext,
  "stack" | "target" | "project" | "env" | "now" | "signal"
>;

/** Longer than elsewhere: a busy machine's engine is slow, not silent. Within the time of a check. */
const ENGINE_MS = 8_000;

/**
 * What the checks look at on this machine. Modules that need the dependencies are loaded when they are
 * asked for, so that the other checks work without them.
 */
export function doctorContext(input: ContextInput): DoctorContext {
  const engine = once(async () => {
    const it = connectEngine();
    await it.ping(ENGINE_MS);
    return it;
  });
  const record = once(async () => (await import("./stackRecord.ts")).readStackRecord(input));
  const plan = once(async () =>
    (await import("./planHere.ts")).planHere(input, await record().catch(() => undefined)),
  );
  return { ...input, engine, record, plan };
}
