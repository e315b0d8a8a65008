/** A participant of a LiveKit room, in a process of its own: rtc-node logs to stdout and cannot be told to stop. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod";
import { asRoot } from "./node/asRoot.ts";
import { nodeProgram } from "./node/nodeProgram.ts";

/** What the process is told, on the first line of standard input; at the end of that it leaves. */
export const JoinTask = z.object({ url: z.string(), token: z.string() });

/** In front of what the process tells, among the log's lines. */
export const NEWS = "news ";

/** What the process tells: that it is in, and why it no longer is. */
export const MemberNews = z.union([
  z.object({ joined: z.literal(true) }),
  z.object({ left: z.string() }),
]);
type MemberNews = z.infer<typeof MemberNews>;

export interface RoomMember {
  /** Why LiveKit ended it, such as `PARTICIPANT_REMOVED`. */
  readonly left: Promise<string>;
  /** Whether it has not been told to leave. */
  isIn(): boolean;
  /** Leaves as a user does, and ends its process. */
  leave(): Promise<void>;
  /** Ends its process, which says good-bye to nobody. */
  end(): Promise<void>;
}

export interface JoinOptions {
  /** The network namespace to join from. Default: this process's. */
  readonly namespace?: string;
  /** PEM of what to trust. Default: what this machine does. */
  readonly ca?: string;
}

const SCRIPT = join(import.meta.dirname, "roomMemberMain.ts");

/** Joins a room; rejects with the reason when LiveKit does not let it in. */
export async function joinRoom(
  url: string,
  token: string,
  { namespace, ca }: JoinOptions = {},
): Promise<RoomMember> {
  const folder = mkdtempSync(join(tmpdir(), "turnkey-member-"));
  const trusted = join(folder, "trusted.pem");
  if (ca !== undefined) writeFileSync(trusted, ca);
  const variables = ca === undefined ? [] : ["env", `SSL_CERT_FILE=${trusted}`];
  const command = [...variables, ...nodeProgram(SCRIPT)];
  const [file = "env", ...args] =
    namespace === undefined ? command : asRoot("ip", "netns", "exec", namespace, ...command);
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "ignore"] });
  const closed = once(child, "close").finally(() =>
    rmSync(folder, { recursive: true, force: true }),
  );
  const joined = Promise.withResolvers<void>();
  const left = Promise.withResolvers<string>();
  let isIn = false;
  const hear = (news: MemberNews) => {
    if ("joined" in news) {
      isIn = true;
      joined.resolve();
      return;
    }
    isIn = false;
    joined.reject(new Error(news.left));
    left.resolve(news.left);
  };
  createInterface(child.stdout).on("line", (line) => {
    if (line.startsWith(NEWS)) hear(MemberNews.parse(JSON.parse(line.slice(NEWS.length))));
  });
  void closed.then(() => hear({ left: "its process ended" }));
  // Who ended before it read that has left.
  child.stdin.on("error", () => undefined);
  child.stdin.write(`${JSON.stringify({ url, token })}\n`);
  const leave = async () => {
    child.stdin.end();
    await closed;
  };
  const end = async () => {
    child.kill("SIGKILL");
    await leave();
  };
  try {
    await joined.promise;
  } catch (error) {
    await end();
    throw error;
  }
  return { left: left.promise, isIn: () => isIn, leave, end };
}
