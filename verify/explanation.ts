/** What a finding most likely means, and what to do about it. */
export interface Explanation {
  readonly cause: string;
  readonly mend?: string;
}

/** The commands that mends name. */
export const UP = "npm run up";
export const LIVEKIT_LOG = "npm run logs livekit";
export const API_LOG = "npm run logs api";
export const EDGE_LOG = "npm run logs edge";

const ELSEWHERE = {
  [API_LOG]: "the API's log",
  [EDGE_LOG]: "the proxy's log",
  [LIVEKIT_LOG]: "the TURN server's log",
  "npm run down": "take it down",
  "npm run outputs": "its configuration",
  [UP]: "deploying it again",
};

/** The same for a deployment that is no stack of ours, where those commands do nothing. */
export function elsewhere({ cause, mend }: Explanation): Explanation {
  if (mend === undefined) return { cause };
  const replaced = Object.entries(ELSEWHERE).reduce(
    (text, [command, words]) => text.replaceAll(command, words),
    mend,
  );
  return { cause, mend: replaced };
}
