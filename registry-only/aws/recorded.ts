import type { Props } from "../provider/value.ts";

/** A resource of the recorded cloud. */
export interface Recorded {
  readonly token: string;
  /** Its name in the program that made it. */
  readonly name: string;
  readonly id: string;
  /** Inputs and outputs, secrets included. */
  readonly state: Props;
}
