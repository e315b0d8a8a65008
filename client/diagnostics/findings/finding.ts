/** What can be said of a network. */

/** The worst first. */
export const levels = ["bad", "warning", "note", "good"] as const;

/** `bad`: calls fail or may fail. `warning`: calls work, but worse than they could. `note`: good to know. */
export type Level = (typeof levels)[number];

export interface Finding {
  readonly id: string;
  readonly level: Level;
  readonly title: string;
  readonly text: string;
  /** What to do about it. */
  readonly mend?: string | undefined;
}
