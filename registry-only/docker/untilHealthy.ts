import { withQuery, type DockerEngine } from "../../machine/dockerEngine.ts";
import { look, type Look } from "../../machine/look.ts";
import type { Clock } from "./clock.ts";

const pauseMs = 200;
const logLines = 20;

/**
 * Waits until a started container reports healthy. Throws when it has no health check, has ended, or
 * takes longer than `timeoutSeconds`; the message holds its last health check's output and last lines.
 */
export async function untilHealthy(
  engine: DockerEngine,
  clock: Clock,
  id: string,
  timeoutSeconds: number,
): Promise<void> {
  const end = clock.now() + timeoutSeconds * 1_000;
  for (;;) {
    const inspected = look(await engine.json("GET", `/containers/${id}/json`));
    const health = inspected.text("State", "Health", "Status");
    if (health === "healthy") return;
    if (!inspected.has("State", "Health"))
      throw new Error("`wait` needs a health check and the container has none - give it one");
    const ended = ["exited", "dead"].includes(inspected.text("State", "Status"));
    if (ended || clock.now() >= end) {
      const what = ended
        ? `ended with exit code ${inspected.number("State", "ExitCode")}`
        : `was not healthy within ${timeoutSeconds} s (${health})`;
      throw new Error(`the container ${what}${await evidence(engine, id, inspected)}`);
    }
    await clock.sleep(pauseMs);
  }
}

async function evidence(engine: DockerEngine, id: string, inspected: Look): Promise<string> {
  const check = inspected.list("State", "Health", "Log").at(-1);
  const lines = await lastLines(engine, id).catch(
    (error: unknown) => `unreadable: ${String(error)}`,
  );
  return [
    "",
    check
      ? `last health check (exit code ${check.number("ExitCode")}): ${check.text("Output").trim() || "no output"}`
      : "no health check has ended yet",
    `last lines of its log:${lines.trim() ? `\n${lines.trimEnd()}` : " none"}`,
  ].join("\n");
}

async function lastLines(engine: DockerEngine, id: string): Promise<string> {
  const answer = await engine.raw(
    "GET",
    withQuery(`/containers/${id}/logs`, { stdout: true, stderr: true, tail: logLines }),
  );
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(Buffer.from(chunk));
  return unframed(Buffer.concat(chunks));
}

/**
 * The text in a log without terminal: each piece has a header of 8 bytes that ends with its length
 * (Engine API, ContainerAttach, "Stream format").
 */
export function unframed(log: Buffer): string {
  const pieces: string[] = [];
  for (let at = 0; at + 8 <= log.length;) {
    const next = at + 8 + log.readUInt32BE(at + 4);
    pieces.push(log.toString("utf8", at + 8, next));
    at = next;
  }
  return pieces.join("");
}
