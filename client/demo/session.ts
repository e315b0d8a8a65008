/** What the API gives for one demo call. Checked by hand: a schema library would outweigh the page. */
export interface Session {
  readonly user: string;
  readonly livekit: { readonly server_url: string; readonly participant_token: string };
  readonly ice: { readonly iceServers: IceServer[] };
}

/** W3C's RTCIceServer, as the API writes it. */
interface IceServer {
  urls: string[];
  username?: string;
  credential?: string;
}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const isText = (value: unknown) => typeof value === "string";
const isTextOrAbsent = (value: unknown) => value === undefined || isText(value);

const isIceServer = (value: unknown): boolean =>
  isObject(value) &&
  Array.isArray(value["urls"]) &&
  value["urls"].every(isText) &&
  isTextOrAbsent(value["username"]) &&
  isTextOrAbsent(value["credential"]);

/** Whether an answer is a session. */
export function isSession(value: unknown): value is Session {
  if (!isObject(value)) return false;
  const { user, livekit, ice } = value;
  return (
    isText(user) &&
    isObject(livekit) &&
    isText(livekit["server_url"]) &&
    isText(livekit["participant_token"]) &&
    isObject(ice) &&
    Array.isArray(ice["iceServers"]) &&
    ice["iceServers"].every(isIceServer)
  );
}

/** Asks the API for a session in a room. Throws what the API says when it refuses. */
export async function openSession(room: string): Promise<Session> {
  const answer = await fetch("/demo/join", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ room }),
  });
  const body: unknown = await answer.json();
  if (isSession(body)) return body;
  const told = isObject(body) && isText(body["message"]) ? body["message"] : answer.statusText;
  throw new Error(`the API gives no session: ${told}`);
}
