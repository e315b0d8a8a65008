/** What the API gives a page for one call. Checked by hand: a schema library would outweigh the page. */
export interface Session {
  readonly user: string;
  readonly livekit: { readonly server_url: string; readonly participant_token: string };
  readonly ice: { readonly iceServers: IceServer[] };
}

/** W3C's RTCIceServer, as the API writes it. */
export interface IceServer {
  urls: string[];
  username?: string;
  credential?: string;
}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const isText = (value: unknown): value is string => typeof value === "string";
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

/** What an answer of the API says of itself when it is no session. */
export function refusal(body: unknown, fallback: string): string {
  const told = isObject(body) && isText(body["message"]) ? body["message"] : fallback;
  return `the API gives no session: ${told}`;
}
