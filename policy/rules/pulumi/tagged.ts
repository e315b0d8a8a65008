import * as z from "zod";
import { peekAt, shown } from "../../known.ts";
import type { Finding, ResourceRule } from "../../rule.ts";
import { TAGGABLE } from "./taggable.ts";

const config = z.strictObject({
  tags: z
    .array(z.string())
    .default(["turnkey:stack"])
    .describe("Tags that every resource has which can have some"),
});

/** Tags say whose a resource is: on the bill, in a clean-up, and to conditions of IAM policies. */
export const tagged: ResourceRule<z.infer<typeof config>> = {
  name: "tagged",
  description: "Every resource on AWS says by a tag which stack it belongs to.",
  level: "mandatory",
  severity: "low",
  mirrors: [],
  config,
  checkResource: ({ type, props }, { tags: wanted }) => {
    if (!TAGGABLE.has(type)) return [];
    return wanted
      .map((tag) => ({ tag, value: peekAt(props, "tags", tag) }))
      .filter(({ value }) => value === undefined || value === null || value === "")
      .map(({ tag, value }): Finding => ({
        what: `does not say its ${tag}`,
        seen: `tags[${JSON.stringify(tag)}] is ${shown(value)}`,
        mend: `add the tag ${tag}`,
      }));
  },
};
