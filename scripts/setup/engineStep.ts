/** Gets a Docker Engine to answer: the one that is there, or one installed and started after a yes. */
import { existsSync } from "node:fs";
import { connectEngine } from "../../machine/dockerEngine.ts";
import type { DockerEngine } from "../../machine/dockerEngine.ts";
import { EngineError } from "../../machine/engineError.ts";
import { UserError } from "../userError.ts";
import { engineAction, installCommand, serviceCommand } from "./engineAction.ts";
import type { EngineAction } from "./engineAction.ts";
import { installPackages } from "./installPackages.ts";
import { osRelease } from "./osRelease.ts";
import { ownEngine, startOwnEngine } from "./ownEngine.ts";
import { agree, consentHere, findProgram } from "./privilege.ts";
import type { Consent, Question } from "./privilege.ts";
import { CommandFailed, runCommand } from "./runCommand.ts";
import { runStep } from "./runStep.ts";
import type { StepContext } from "./runStep.ts";
import { stalePidFiles } from "./stalePidFiles.ts";
import { silence, untilEngineAnswers } from "./untilEngineAnswers.ts";

const systemd = () => existsSync("/run/systemd/system");

/** The engine that DOCKER_HOST or the docker context names. Throws a UserError when they name none. */
function namedEngine(): DockerEngine {
  try {
    return connectEngine();
  } catch (error) {
    if (error instanceof EngineError)
      throw new UserError(error.what, [error.mend], { cause: error });
    throw error;
  }
}

function actionHere(engine: DockerEngine, error: EngineError): EngineAction {
  return engineAction({
    error,
    isDefault: engine.endpoint.source === "the platform's default",
    platform: process.platform,
    osRelease: osRelease(),
    systemd: systemd(),
    dockerd: findProgram("dockerd") !== undefined,
    own: ownEngine() !== undefined,
  });
}

const questions = {
  install: { problem: "Docker Engine is not installed", commands: [installCommand] },
  "start-service": { problem: "Docker Engine is not running", commands: [serviceCommand] },
  "start-daemon": { problem: "Docker Engine is not running", commands: ["dockerd"] },
} satisfies Record<Exclude<EngineAction, "wait">, Question>;

async function startService(before: readonly string[], context: StepContext): Promise<void> {
  const [file = "systemctl", ...args] = [...before, ...serviceCommand.split(" ")];
  try {
    await runCommand({ file, args }, context);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new UserError(
      ["systemd could not start Docker", ...error.lines].join("\n"),
      ["sudo journalctl -u docker -n 30"],
      { cause: error },
    );
  }
}

async function start(before: readonly string[], context: StepContext) {
  if (systemd()) {
    await startService(before, context);
    return undefined;
  }
  const dockerd = findProgram("dockerd");
  if (dockerd === undefined) throw new Error("dockerd is not there after its installation");
  const stale = stalePidFiles();
  if (stale.length > 0) {
    const [file = "rm", ...args] = [...before, "rm", "-f", ...stale];
    await runCommand({ file, args }, context);
  }
  return startOwnEngine(dockerd, before);
}

/**
 * The engine, answering. Asks before anything is installed or started. Throws a UserError with what to
 * do where that is the user's part.
 */
export async function readyEngine(
  yes: boolean,
  consent: (yes: boolean) => Consent = consentHere,
): Promise<DockerEngine> {
  const engine = namedEngine();
  const error = await silence(engine);
  if (!error) return engine;
  const action = actionHere(engine, error);
  if (action === "wait") {
    await runStep("waiting for the Docker Engine", () => untilEngineAnswers(engine));
    return engine;
  }
  const before = await agree(questions[action], consent(yes));
  if (action === "install")
    await installPackages("Docker Engine", { command: installCommand, before });
  await runStep("starting Docker Engine", async (context) => {
    await untilEngineAnswers(engine, await start(before, context));
  });
  return engine;
}
