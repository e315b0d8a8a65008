/** The frame of TURN rules: a check of one server, made a rule over everything that configures some. */
import * as z from "zod";
import type { Finding, Resource, ResourceRule, StackRule } from "../../rule.ts";
import type { TurnServer } from "../../subjects/turnServer.ts";
import { serversOf, turnServersOf } from "../../subjects/turnServers.ts";

interface Head<Config> {
  readonly name: string;
  readonly description: string;
  readonly severity: ResourceRule["severity"];
  readonly config?: z.ZodType<Config>;
  /** `turn` passes over LiveKit servers whose TURN is off. */
  readonly judges: "turn" | "every server";
}

interface TurnRule<Config> extends Head<Config> {
  check(server: TurnServer, config: Config): readonly Finding[];
}

interface TurnStackRule<Config> extends Head<Config> {
  check(server: TurnServer, resources: readonly Resource[], config: Config): readonly Finding[];
}

/** Whether a stack is for development, where a server may reach the machine it runs on. */
export const Development = z.boolean().default(false);

/** A mandatory rule over the servers of one resource at a time. */
export const turnRule = <Config = undefined>(rule: TurnRule<Config>): ResourceRule<Config> => ({
  ...headOf(rule),
  checkResource: (resource, config) =>
    judged(rule, resource).flatMap((it) => rule.check(it, config).map((found) => about(it, found))),
});

/** A mandatory rule over servers and what is around them. */
export const turnStackRule = <Config = undefined>(
  rule: TurnStackRule<Config>,
): StackRule<Config> => ({
  ...headOf(rule),
  checkStack: (resources, config) =>
    resources
      .flatMap((resource) => judged(rule, resource))
      .flatMap((it) =>
        rule
          .check(it, resources, config)
          .map((found) => ({ ...about(it, found), resource: it.resource })),
      ),
});

const headOf = <Config>({ name, description, severity, config }: Head<Config>) => ({
  name,
  description,
  level: "mandatory" as const,
  severity,
  mirrors: [],
  ...(config === undefined ? {} : { config }),
});

const judged = <Config>({ judges }: Head<Config>, resource: Resource) =>
  judges === "turn" ? turnServersOf(resource) : serversOf(resource);

const about = ({ part, place }: TurnServer, finding: Finding): Finding => ({
  ...finding,
  seen: `${place}: ${finding.seen}`,
  ...(part === undefined ? {} : { part }),
});
