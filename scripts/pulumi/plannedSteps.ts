/** What an operation does, read from Pulumi's log of its events. */
import * as z from "zod";
import { eventsIn } from "./events.ts";

/** What happens to a resource; a replacement counts once. */
const operations = ["create", "update", "replace", "delete"] as const;

/** A change that Pulumi plans. */
export interface PlannedStep {
  readonly operation: (typeof operations)[number];
  /** Pulumi's type token. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** The inputs that changed, top level alone: `instanceType`. */
  readonly changed: readonly string[];
}

const Event = z.object({
  resourcePreEvent: z
    .object({
      metadata: z.object({
        op: z.string(),
        urn: z.string(),
        type: z.string(),
        diffs: z.array(z.string()).nullish(),
        keys: z.array(z.string()).nullish(),
      }),
    })
    .optional(),
});

/** Kinds that exist in the state alone: nothing is touched when they change. */
const STATE_ONLY = /^(?:pulumi|turnkey):/;

/**
 * The steps in an event log (one JSON object a line, apitype.EngineEvent), in order. What stays, is
 * looked at (`same`, `read`, `refresh`) or exists in the state alone is left out.
 */
export const plannedSteps = (eventLog: string): PlannedStep[] =>
  eventsIn(eventLog).flatMap((event): PlannedStep[] => {
    const step = Event.parse(event).resourcePreEvent?.metadata;
    const operation = operations.find((it) => it === step?.op);
    if (!step || !operation || STATE_ONLY.test(step.type)) return [];
    const { type, urn, diffs, keys } = step;
    const changed = [...new Set([...(diffs ?? []), ...(keys ?? [])].map(topLevel))];
    return [{ operation, type, name: urn.split("::").at(-1) ?? urn, changed }];
  });

const Summary = z.object({ summaryEvent: z.unknown().optional() });

/** Whether an event log goes to the operation's end, which a summary is: one that does not says nothing of what is left out. */
export const isWhole = (eventLog: string): boolean =>
  eventsIn(eventLog).some((event) => Summary.parse(event).summaryEvent !== undefined);

/** `rootBlockDevice.volumeSize` and `tags["Name"]` begin so. */
const topLevel = (path: string) => /^[^.[]+/.exec(path)?.[0] ?? path;
