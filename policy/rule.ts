/** What a rule is: a value with a pure check, so that it is tested without an engine. */
import type * as z from "zod";

/** A resource as a rule sees it: what the program registered, values unknown at preview left out by the caller's care. */
export interface Resource {
  /** Pulumi type token, such as `aws:ec2/instance:Instance`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  readonly urn: string;
  /**
   * Inputs; in a rule over the whole stack, what came of them. Reading one that is not known yet ends the
   * rule, and the engine says so in an advisory; `known.ts` reads on.
   */
  readonly props: Readonly<Record<string, unknown>>;
  readonly protect: boolean;
  /** URNs of the resources that each input is made of; empty where a rule sees one resource at a time. */
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
}

/** One violation, in the parts of its message. */
export interface Finding {
  /** What is wrong, in a few words: `answers IMDSv1`. */
  readonly what: string;
  /** Input's path and the value seen, never a secret: `metadataOptions.httpTokens is "optional"`. */
  readonly seen: string;
  /** What to do instead: `set metadataOptions.httpTokens to "required"`. */
  readonly mend: string;
  /** Which resource; left out by rules that see one only. */
  readonly resource?: Resource;
  /** Which part of it, where one resource describes several things: a service of a node document. */
  readonly part?: string;
}

export const levels = ["mandatory", "advisory", "disabled"] as const;
export type Level = (typeof levels)[number];

interface Head<Config> {
  /** kebab-case. */
  readonly name: string;
  /** One sentence: what holds where the rule passes. */
  readonly description: string;
  readonly level: Level;
  readonly severity: "low" | "medium" | "high" | "critical";
  /** Public rule ids this one mirrors, such as `CKV_AWS_79`; empty where there is none. */
  readonly mirrors: readonly string[];
  /** What may be set beside the level; every member has a default. */
  readonly config?: z.ZodType<Config>;
}

/** Judges one resource at a time, before it is made. */
export interface ResourceRule<Config = undefined> extends Head<Config> {
  checkResource(resource: Resource, config: Config): readonly Finding[];
}

/** Judges what a stack has together. */
export interface StackRule<Config = undefined> extends Head<Config> {
  checkStack(resources: readonly Resource[], config: Config): readonly Finding[];
}

export type Rule<Config = undefined> = ResourceRule<Config> | StackRule<Config>;

/** A rule of any configuration, as lists hold them; `judge.ts` hands each only what its own schema has read. */
export type AnyRule = Rule<unknown>;
