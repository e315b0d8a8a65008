/** What a check of `npm run doctor` found. */

/** `unknown` is what could not be told: no fault, and no all-clear either. */
export const levels = ["ok", "warning", "problem", "unknown"] as const;
export type Level = (typeof levels)[number];

/** One thing found; what is wrong always comes with what to do about it. */
export type Finding =
  | { readonly level: "ok"; readonly text: string }
  | { readonly level: "unknown"; readonly text: string; readonly mend?: string }
  | { readonly level: "warning" | "problem"; readonly text: string; readonly mend: string };

/** All is well. */
export const ok = (text: string): Finding => ({ level: "ok", text });
/** It works, and may soon not. */
export const warning = (text: string, mend: string): Finding => ({ level: "warning", text, mend });
/** It does not work. */
export const problem = (text: string, mend: string): Finding => ({ level: "problem", text, mend });
/** It cannot be told from here. */
export const unknown = (text: string, mend?: string): Finding => ({
  level: "unknown",
  text,
  ...(mend === undefined ? {} : { mend }),
});
