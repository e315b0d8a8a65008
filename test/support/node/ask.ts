/** HTTP from inside a network namespace. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { asRoot } from "./asRoot.ts";
import { nodeProgram } from "./nodeProgram.ts";

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
  const program = join(import.meta.dirname, "askMain.ts");
  const enter = asRoot("ip", "netns", "exec", namespace);
  const [file = "ip", ...args] = [...enter, ...nodeProgram(program)];
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.end(JSON.stringify(asked));
  const told = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, "close");
  const [answers, errors] = await told;
  if (code !== 0) throw new Error(`nothing was answered in ${namespace}: ${errors.trim()}`);
  return z.array(Answer).parse(JSON.parse(answers));
}
