/** What the client library meets in tests: an API that answers as a test says, at times of a test's clock. */
import {
  type IceConfigEvent,
  IceConfigClient,
  type IceConfigOptions,
} from "../../client/ice/index.ts";
import type { Fetch } from "../../client/ice/options.ts";
import { type TestClock, testClock } from "./iceClock.ts";

export type Reply = (clock: TestClock) => Response | Promise<Response>;

/** A credential named by `name` that lives for `ttl` seconds from now on, by the API's own clock. */
export const granted =
  (name: string, ttl = 3600, headers: Record<string, string> = {}): Reply =>
  (clock) =>
    Response.json(
      {
        iceServers: [
          { urls: ["stun:own.example:443"] },
          { urls: ["turn:own.example:443?transport=udp"], username: name, credential: "secret" },
        ],
        ttl,
        expiresAt: new Date(clock.now() + ttl * 1000).toISOString(),
      },
      { headers: { date: new Date(clock.now()).toUTCString(), ...headers } },
    );

export const refused =
  (statusCode: number, headers: Record<string, string> = {}): Reply =>
  () =>
    Response.json({ statusCode, message: "because of the test" }, { status: statusCode, headers });

export const unreachable: Reply = () => Promise.reject(new TypeError("fetch failed"));
/** Never comes. */
export const silent: Reply = () => new Promise(() => undefined);

/** A client on a clock of its own whose API gives `replies` in order, the last one for ever. */
export function clientWith(replies: readonly Reply[], options: Partial<IceConfigOptions> = {}) {
  const clock = testClock();
  const requests: { readonly at: number; readonly url: string; readonly headers: object }[] = [];
  const left = [...replies];
  const start = clock.now();
  const fetch: Fetch = async (url, { headers, signal }) => {
    signal.throwIfAborted();
    requests.push({ at: clock.now() - start, url, headers });
    const reply = left.length > 1 ? left.shift() : left[0];
    return (reply ?? silent)(clock);
  };
  const client = new IceConfigClient({
    url: "https://api.example/api/livekit/ice-config",
    fetch,
    clock,
    random: () => 0,
    ...options,
  });
  const events: IceConfigEvent[] = [];
  client.subscribe((event) => events.push(event));
  return { client, clock, requests, events };
}

/** Who the credential is for, which tells answers apart. */
export const nameIn = ({ iceServers }: { readonly iceServers: readonly { username?: string }[] }) =>
  iceServers.find(({ username }) => username !== undefined)?.username;
