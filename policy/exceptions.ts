/** Exceptions: what a rule finds and is meant to be so, as data with a name and a reason. */
import * as z from "zod";
import type { Finding, Resource } from "./rule.ts";

/** What an exception is for; what is given must all fit, and something has to be. */
export const Matches = z
  .strictObject({
    type: z.string().optional().describe("Pulumi type token of the resource"),
    under: z.string().optional().describe("type token of a component that the resource is part of"),
    name: z.string().optional().describe("the resource's name; `*` stands for any text"),
    part: z.string().optional().describe("part of the resource, such as a service; `*` as above"),
  })
  .refine((it) => Object.values(it).some((value) => value !== undefined), {
    message: "an exception says what it is for: at least one of type, under, name and part",
  });
export type Matches = z.infer<typeof Matches>;

/** An exception as a rule's own configuration gives it. */
export const OwnException = z.strictObject({
  name: z.string().min(1).describe("what it is called, in kebab-case"),
  matches: Matches,
  reason: z.string().min(10).describe("why it is meant to be so"),
});

/** An exception to one rule of a pack. */
export interface Exception extends z.infer<typeof OwnException> {
  readonly rule: string;
}

/** Whether an exception holds for what its rule found in a resource. */
export function excepts(
  { matches: { type, under, name, part } }: z.infer<typeof OwnException>,
  resource: Resource,
  finding: Finding,
): boolean {
  return (
    (type === undefined || type === resource.type) &&
    (under === undefined || componentsOf(resource.urn).includes(under)) &&
    (name === undefined || fits(name, resource.name)) &&
    (part === undefined || (finding.part !== undefined && fits(part, finding.part)))
  );
}

/** The line that a run prints for an exception that it used. */
export const exceptionLine = ({ name, rule, reason }: Exception): string =>
  `exception ${name} to ${rule}: ${reason}`;

/** Types of the components around a resource, from its URN: `urn:pulumi:stack::project::outer$inner$type::name`. */
const componentsOf = (urn: string): readonly string[] =>
  (urn.split("::")[2] ?? "").split("$").slice(0, -1);

const fits = (pattern: string, text: string) =>
  new RegExp(`^${pattern.split("*").map(escaped).join(".*")}$`, "s").test(text);

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
