/** One run of all checks, in order. */
import type { Attempt, GatheredUrl, Measured } from "./measured.ts";
import { askEdge, gather, oneByOne } from "./gather.ts";
import { proveRelay } from "./proveRelay.ts";
import { proveRoom } from "./proveRoom.ts";
import { withoutSecrets } from "./secrets.ts";
import { openSession } from "./session.ts";
import { isStun, urlState } from "./urlState.ts";
import { StageFailed } from "./waiting.ts";

export const steps = {
  session: "Ask the server",
  urls: "Reach each address of the servers",
  relay: "Send a file over the relay",
  relayRoom: "Join a LiveKit room over the relay",
  anyRoom: "Join a LiveKit room by any path",
} as const;
export type Step = keyof typeof steps;
export type StepState = "waiting" | "running" | "done" | "failed" | "skipped";

export interface RunOptions {
  /** For the API's sign-in, where a token is asked for. */
  readonly token: string | undefined;
  readonly signal: AbortSignal;
  /** Hears how each step goes. */
  readonly told: (step: Step, state: StepState) => void;
  /** Hears the share of the file that has come. */
  readonly progress: (share: number) => void;
}

/** Throws what `openSession` throws, and the signal's reason when the run is cancelled. */
export async function run({ token, signal, told, progress }: RunOptions): Promise<Measured> {
  const common = {
    at: new Date().toISOString(),
    page: location.origin,
    browser: navigator.userAgent,
  };
  const nothing = { state: "skipped", why: "this browser has no WebRTC" } as const;
  if (typeof RTCPeerConnection === "undefined")
    return {
      ...common,
      webrtc: false,
      urls: [],
      https: [],
      relay: nothing,
      rooms: { relay: nothing, any: nothing },
    };

  told("session", "running");
  const session = await openSession(token, signal);
  told("session", "done");
  const { iceServers } = session.ice;
  const clean = (text: string) => withoutSecrets(text, session);

  told("urls", "running");
  const alone = oneByOne(iceServers);
  const names = alone.map(({ url }) => url);
  const [urls, https] = await Promise.all([
    Promise.all(alone.map((it) => gather(it, signal))),
    askEdge(session.edge, names, signal),
  ]);
  told("urls", urls.every((it) => urlState(it) === "works") ? "done" : "failed");

  const attempt = async <T>(step: Step, work: () => Promise<T>): Promise<Attempt<T>> => {
    told(step, "running");
    try {
      const result = await work();
      told(step, "done");
      return { state: "done", result };
    } catch (error) {
      signal.throwIfAborted();
      told(step, "failed");
      const stage = error instanceof StageFailed ? error.stage : "the check";
      return {
        state: "failed",
        stage,
        why: clean(String(error instanceof Error ? error.message : error)),
      };
    }
  };
  const proveIt = () => attempt("relay", () => proveRelay(iceServers, signal, progress));
  const relay = hasRelay(urls) ? await proveIt() : noRelay;
  if (relay.state === "skipped") told("relay", "skipped");
  const relayRoom = await attempt("relayRoom", () => proveRoom(session, true, signal));
  const anyRoom = await attempt("anyRoom", () => proveRoom(session, false, signal));
  return { ...common, webrtc: true, urls, https, relay, rooms: { relay: relayRoom, any: anyRoom } };
}

const hasRelay = (urls: readonly GatheredUrl[]) =>
  urls.some((it) => !isStun(it.url) && urlState(it) === "works");
const noRelay = { state: "skipped", why: "no relay was reached" } as const;
