import type { Kind, KindTable } from "../provider/kind.ts";
import type { Props } from "../provider/value.ts";
import type { Place } from "./place.ts";
import type { Recorded } from "./recorded.ts";

/** What a resource is made from. */
export interface Making {
  readonly inputs: Props;
  readonly place: Place;
  readonly now: Date;
  /** Hexadecimal digits drawn at random, as at the end of AWS's ids. */
  readonly hex: (digits: number) => string;
  /** An address that nothing had before: `127.<network>.0.1` and upwards, so that a test can serve there. */
  readonly address: (network: number) => Promise<string>;
}

/** What AWS refuses to have twice. */
export interface Unique {
  /** The inputs that may not all be the same as another's. */
  readonly by: readonly string[];
  /** AWS's error code. */
  readonly code: string;
  /** The input that allows it all the same; then the other one is gone. */
  readonly unless?: string;
}

/** What keeps a resource from being deleted. */
export interface Held {
  /** Who names this resource's id in which input, by token. */
  readonly by: { readonly [token: string]: string };
  /** AWS's error code. */
  readonly code: string;
  /** The input of this resource that deletes it all the same. */
  readonly unless?: string;
}

/** A kind of AWS resource as data: what it takes, and what the recorded cloud answers for it. */
export interface AwsKind {
  readonly table: KindTable;
  readonly id: (making: Making) => string;
  /** The computed outputs of a new resource. */
  readonly outputs?: (making: Making, id: string) => Props | Promise<Props>;
  /** The new values of the outputs that the table says are renewed; `making` holds the new inputs. */
  readonly renewed?: (making: Making, olds: Props) => Props;
  /** What others have done to it since. */
  readonly seen?: (id: string, all: readonly Recorded[]) => Props;
  readonly unique?: Unique;
  readonly held?: Held;
  /** Why it may not be deleted, from its own state. */
  readonly kept?: (state: Props) => string | undefined;
  /** Changes beyond the table's. */
  readonly diff?: Kind["diff"];
}
