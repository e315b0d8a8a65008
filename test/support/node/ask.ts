/** HTTP from inside a network namespace. */
import * as z from "zod";
import { runIn } from "./runIn.ts";

export const Question = z.strictObject({
  url: z.url(),
  method: z.string().default("GET"),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().optional(),
});
export type Question = z.input<typeof Question>;

/** What is asked, and the CA that is trusted beside the system's; without checking, any certificate will do. */
export const Questions = z.strictObject({
  ca: z.string().optional(),
  check: z.boolean().default(true),
  /** For each answer. */
  limitMs: z.int().default(20_000),
  questions: z.array(Question),
});

export const Answer = z.strictObject({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});
export type Answer = z.infer<typeof Answer>;

/** Asks one after the other. Throws what hindered one of them. */
export async function ask(
  namespace: string,
  asked: z.input<typeof Questions>,
): Promise<readonly Answer[]> {
  return z.array(Answer).parse(JSON.parse(await runIn(namespace, "askMain.ts", asked)));
}
