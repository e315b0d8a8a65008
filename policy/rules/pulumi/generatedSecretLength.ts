import * as z from "zod";
import { peek, shown } from "../../known.ts";
import type { ResourceRule } from "../../rule.ts";

const config = z.strictObject({
  characters: z.int().min(16).max(256).default(32).describe("Fewest characters of a secret"),
});

/** What a length counts: characters, or bytes, of which three make four characters of base64. */
const units: Readonly<Record<string, number>> = {
  "random:index/randomPassword:RandomPassword": 1,
  "random:index/randomBytes:RandomBytes": 3 / 4,
};

/** Whoever has one message signed with a short secret can try all secrets at home. */
export const generatedSecretLength: ResourceRule<z.infer<typeof config>> = {
  name: "generated-secret-length",
  description: "Generated secrets have 32 characters or more.",
  level: "mandatory",
  severity: "high",
  mirrors: [],
  config,
  checkResource: ({ type, props }, { characters }) => {
    const unit = units[type];
    if (unit === undefined) return [];
    const least = Math.ceil(characters * unit);
    const length = peek(props, "length");
    if (typeof length !== "number" || length >= least) return [];
    return [
      {
        what: "is a secret that is too short",
        seen: `length is ${shown(length)}`,
        mend: `set length to ${least} or more`,
      },
    ];
  },
};
