/** A context in which nothing is there, but for what a test gives. */
import { join } from "node:path";
import { NotTold, type DoctorContext } from "../../../scripts/doctor/check.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");

const absent = (what: string) => async () => {
  throw new NotTold(`this test has no ${what}`);
};

export const contextWith = (given: Partial<DoctorContext>): DoctorContext => ({
  stack: "dev",
  target: "docker",
  project: ROOT,
  env: {},
  now: () => new Date(),
  signal: new AbortController().signal,
  engine: absent("engine"),
  record: async () => undefined,
  plan: absent("plan"),
  ...given,
});
