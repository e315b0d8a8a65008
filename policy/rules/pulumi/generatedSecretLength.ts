import * as z from "zod";
import { peek, shown } from "../../known.ts";
import type { ResourceRule } from "../../rule.ts";

const config = z.strictObject({
  characters: z.int().min(16).max(256).default(32).describe("Fewest characters of a secret"),
});

/** Whoever has one message signed with a short secret can try all secrets at home. */
export const generatedSecretLength: ResourceRule<z.infer<typeof config>> = {
  name: "generated-secret-length",
  description: "Generated secrets have 32 characters or more.",
  level: "mandatory",
  severity: "high",
  mirrors: [],
  config,
  checkResource: ({ type, props }, { characters }) => {
    if (type !== "random:index/randomPassword:RandomPassword") return [];
    const length = peek(props, "length");
    if (typeof length !== "number" || length >= characters) return [];
    return [
      {
        what: "is a secret that is too short",
        seen: `length is ${shown(length)}`,
        mend: `set length to ${characters} or more`,
      },
    ];
  },
};
