/** A participant of a LiveKit room, in a process of its own: rtc-node logs to stdout and cannot be told to stop. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import * as z from "zod";

/** What the process is told. */
export const JoinTask = z.object({ url: z.string(), token: z.string() });

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
  end(): Promise<void>;
}

/** Joins a room; rejects with the reason when LiveKit does not let it in. */
export async function joinRoom(url: string, token: string): Promise<RoomMember> {
  const script = fileURLToPath(new URL("./roomMemberMain.ts", import.meta.url));
  const child = fork(script, { execArgv: [], stdio: "ignore" });
  const closed = once(child, "close");
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
  child.on("message", (message) => hear(MemberNews.parse(message)));
  void closed.then(() => hear({ left: "its process ended" }));
  child.send({ url, token });
  const end = async () => {
    child.kill("SIGKILL");
    await closed;
  };
  try {
    await joined.promise;
  } catch (error) {
    await end();
    throw error;
  }
  return { left: left.promise, isIn: () => isIn, end };
}
