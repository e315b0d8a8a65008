/** What a finding most likely means, and what to do about it. */
export interface Explanation {
  readonly cause: string;
  readonly mend?: string;
}

/** The commands that mends name. */
export const UP = "npm run up";
export const LIVEKIT_LOG = "npm run logs livekit";
export const API_LOG = "npm run logs api";
