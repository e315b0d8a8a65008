/** The frame of container rules: a check of one container, made a rule over everything that describes some. */
import type * as z from "zod";
import type { Aspect, Container } from "../../subjects/container.ts";
import { containersOf } from "../../subjects/containers.ts";
import type { Finding, ResourceRule } from "../../rule.ts";

/** CIS Docker Benchmark 1.6.0, as docker-bench-security numbers it. */
export const cisDocker = (number: string): string => `CIS Docker 1.6.0 ${number}`;

export interface ContainerRule<Config> {
  readonly name: string;
  readonly description: string;
  readonly severity: ResourceRule["severity"];
  readonly mirrors: readonly string[];
  readonly config?: z.ZodType<Config>;
  /** What it reads: a container of which one of these is not known yet is judged while deploying. */
  readonly reads: readonly Aspect[];
  /**
   * `running` for what only a process can do harm with. A container that is made and never started, to
   * carry files into a volume, has no process to limit, to watch or to log; what it is given is there
   * for whoever starts it by hand, and for every reader of its configuration.
   */
  readonly judges: "running" | "all";
  check(container: Container, config: Config): readonly Finding[];
}

/** A mandatory rule; its findings name the service where a resource describes several. */
export const containerRule = <Config = undefined>(
  rule: ContainerRule<Config>,
): ResourceRule<Config> => ({
  name: rule.name,
  description: rule.description,
  level: "mandatory",
  severity: rule.severity,
  mirrors: rule.mirrors,
  ...(rule.config === undefined ? {} : { config: rule.config }),
  checkResource: (resource, config) =>
    containersOf(resource)
      .filter((it) => it.runs || rule.judges === "all")
      .filter((it) => !rule.reads.some((aspect) => it.unknown.includes(aspect)))
      .flatMap((it) =>
        rule
          .check(it, config)
          .map((finding) => (it.part === undefined ? finding : { ...finding, part: it.part })),
      ),
});
