/** What tests and their page tell each other; plain data, which goes through the browser's protocol. */

export interface IceCall {
  /** Of the call: both its sides have the same. */
  readonly name: string;
  /** The API's endpoint, and the bearer token for it. */
  readonly url: string;
  readonly token: string;
  readonly polite: boolean;
  /** Whether `keepFresh` is at work. */
  readonly kept: boolean;
}

export interface RoomState {
  /** Messages of the other side so far. */
  readonly heard: number;
  readonly connection: string;
  /** Of the credentials that the connections have now. */
  readonly usernames: readonly string[];
}

export interface CallState extends RoomState {
  /** When the first credential ends, in ms since the epoch. */
  readonly expiresAt: number;
  /** When ICE was first restarted from this side, in ms since the epoch. */
  readonly restartedAt: number | undefined;
  /** How often all paths were lost. */
  readonly failures: number;
  /** Codes of `icecandidateerror` in order. */
  readonly refusals: readonly number[];
}
