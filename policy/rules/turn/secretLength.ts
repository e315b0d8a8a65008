import * as z from "zod";
import { turnRule } from "./turnRule.ts";

const Config = z.strictObject({
  /** What LiveKit itself asks for. */
  leastCharacters: z.int().min(16).default(32),
});

/** Everyone who holds one credential can try secrets against it at home. */
export const secretLength = turnRule({
  name: "turn-secret-length",
  description: "Secrets that credentials are made with are too long to be guessed.",
  severity: "critical",
  config: Config,
  judges: "every server",
  check: ({ secrets }, { leastCharacters }) =>
    secrets
      .filter(({ text }) => text.length < leastCharacters)
      .map(({ input, text }) => ({
        what: "has a secret that can be guessed",
        seen: `${input} has a secret of ${text.length} characters`,
        mend: `generate ${leastCharacters} characters or more`,
      })),
});
