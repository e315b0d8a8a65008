/** The containers of a deployed stack: there, running, healthy, of the image planned. */
import type { DockerEngine } from "../../../machine/dockerEngine.ts";
import { isNotFound } from "../../../machine/engineError.ts";
import { look } from "../../../machine/look.ts";
import { npmRun } from "../../npmRun.ts";
import type { Check } from "../check.ts";
import { ok, problem, warning, type Finding } from "../finding.ts";

/** A container as the engine describes it, as far as its health shows. */
export interface ContainerState {
  /** `running`, `exited`, `restarting`, `paused`, `created`, `dead`. */
  readonly status: string;
  /** `healthy`, `unhealthy`, `starting`; empty without a health check. */
  readonly health: string;
  readonly restarts: number;
  readonly outOfMemory: boolean;
  readonly exitCode: number;
  readonly imageId: string;
  readonly startedAt: Date;
}

/** One restart may be an accident; a container that has had this many and is only starting will end again. */
const MANY_RESTARTS = 2;

/** A restart longer ago is over and done with. */
const RECENT_MS = 3_600_000;

export interface ContainerQuestion {
  readonly stack: string;
  readonly service: string;
  readonly container: string;
  /** Undefined when there is no such container. */
  readonly state: ContainerState | undefined;
  /** The image of the plan, undefined when it is not known or not here. */
  readonly planned: { readonly name: string; readonly id: string } | undefined;
  readonly now: Date;
}

/** What a container's state means, and what mends it. */
export function containerFindings({
  stack,
  service,
  container,
  state,
  planned,
  now,
}: ContainerQuestion): Finding[] {
  const up = npmRun("up", stack);
  const why = `${npmRun("logs", stack, service)} says why`;
  if (!state) return [problem(`${container} is gone`, up)];
  const { status, health, restarts, outOfMemory, exitCode, imageId, startedAt } = state;
  const memory = outOfMemory
    ? [
        problem(
          `${container} was ended as it ran out of memory`,
          `raise ${service}.memoryMib in the stack's settings, then ${up}`,
        ),
      ]
    : [];
  // In between it runs for a moment.
  const again = status === "running" && health === "starting" && restarts >= MANY_RESTARTS;
  if (status === "restarting" || again)
    return [
      ...memory,
      problem(
        `${container} ends again and again (${restarts} restarts, exit code ${exitCode})`,
        why,
      ),
    ];
  if (status !== "running")
    return [
      ...memory,
      problem(
        `${container} does not run: it is ${status} (exit code ${exitCode})`,
        `${up}; ${why}`,
      ),
    ];
  if (health === "unhealthy")
    return [...memory, problem(`${container} runs and is not healthy`, why)];
  const findings = [...memory];
  if (health === "starting")
    findings.push(warning(`${container} is starting`, "ask again in some seconds"));
  if (restarts > 0 && now.getTime() - startedAt.getTime() < RECENT_MS)
    findings.push(
      warning(
        `${container} restarted ${restarts === 1 ? "once" : `${restarts} times`} by itself, the last time less than an hour ago`,
        why,
      ),
    );
  if (planned && planned.id !== imageId)
    findings.push(
      warning(
        `${container} runs another image than ${planned.name}`,
        `${up} starts it from that one`,
      ),
    );
  return findings.length > 0
    ? findings
    : [ok(`${container} runs${health === "" ? "" : `, ${health}`}`)];
}

async function inspect(engine: DockerEngine, path: string) {
  try {
    return look(await engine.json("GET", path));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function stateOf(
  engine: DockerEngine,
  container: string,
): Promise<ContainerState | undefined> {
  const it = await inspect(engine, `/containers/${container}/json`);
  return (
    it && {
      status: it.text("State", "Status"),
      health: it.text("State", "Health", "Status"),
      restarts: it.number("RestartCount"),
      outOfMemory: it.flag("State", "OOMKilled"),
      exitCode: it.number("State", "ExitCode"),
      imageId: it.text("Image"),
      startedAt: new Date(it.text("State", "StartedAt")),
    }
  );
}

export const containers: Check = {
  async run({ stack, engine, record, plan, now }) {
    const deployed = await record();
    if (!deployed?.outputs)
      return [
        ok(
          deployed && deployed.resources > 0
            ? "the last update did not get to its end"
            : `stack "${stack}" is not deployed`,
        ),
      ];
    const [it, services] = await Promise.all([
      engine(),
      plan().then(
        (made) => made.services,
        () => [],
      ),
    ]);
    const questions = Object.entries(deployed.outputs.containers).map(
      async ([service, container]) => {
        const name = services.find((one) => one.name === service)?.image;
        const [state, image] = await Promise.all([
          stateOf(it, container),
          name === undefined ? undefined : inspect(it, `/images/${name}/json`),
        ]);
        const planned = name !== undefined && image ? { name, id: image.text("Id") } : undefined;
        return containerFindings({ stack, service, container, state, planned, now: now() });
      },
    );
    return (await Promise.all(questions)).flat();
  },
};
