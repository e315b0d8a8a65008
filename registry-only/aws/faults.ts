import { look } from "../../machine/look.ts";
import type { Subject } from "../provider/kind.ts";
import type { Cloud } from "./cloud.ts";

/** What happens to a resource. */
export type Operation = "create" | "read" | "update" | "delete";

/** A mishap that a test asked for in `faults.json`. */
export interface Fault {
  /** Its place in the file, kept in the log: so it is known how often it has happened. */
  readonly fault: number;
  /** Makes the call fail with this text before anything is done. */
  readonly error?: string;
  /** Waits before the answer, when everything is done: whoever is killed meanwhile leaves an orphan. */
  readonly delayMs?: number;
}

/**
 * The first fault that a call meets: `faults.json` in the cloud's folder is a list of
 * `{operation, token, name?, error?, delayMs?, times?}`; `name` is the resource's in the program, and
 * without `times` it happens always.
 */
export function faultOf(cloud: Cloud, operation: Operation, subject: Subject): Fault | undefined {
  const given = look(cloud.given("faults.json")).list();
  const matching = [...given.entries()].filter(
    ([, it]) =>
      it.text("operation") === operation &&
      it.text("token") === subject.token &&
      ["", subject.name].includes(it.text("name")),
  );
  if (matching.length === 0) return undefined;
  const logged = cloud.logged();
  const left = matching.find(([fault, it]) => {
    const times = it.number("times");
    return times === 0 || logged.filter((line) => line.fault === fault).length < times;
  });
  if (left === undefined) return undefined;
  const [fault, it] = left;
  const [error, delayMs] = [it.text("error"), it.number("delayMs")];
  return { fault, ...(error === "" ? {} : { error }), ...(delayMs === 0 ? {} : { delayMs }) };
}
