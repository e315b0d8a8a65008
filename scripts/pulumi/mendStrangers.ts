/** Makes room for what a stack made and somebody replaced behind Pulumi's back. */
import { STACK_LABEL } from "../../components/dockerLabels.ts";
import { connectEngine, type DockerEngine } from "../../machine/dockerEngine.ts";
import { objectsByLabel, removeObject, type EngineObject } from "../../machine/engineObjects.ts";
import { look } from "../../machine/look.ts";
import { ask, failure, type OpenStack } from "./openStack.ts";
import { STACK_NOT_FOUND } from "./runCli.ts";
import { shortName } from "./stackFiles.ts";
import { knownIn, strangersAmong } from "./strangers.ts";

/**
 * Removes containers and networks that stand in the place of the stack's own and carry its label: the
 * update makes them again as they should be. Says each in one line. What does not carry the label is
 * left alone.
 */
export async function mendStrangers(stack: OpenStack, tell: (line: string) => void): Promise<void> {
  const answer = await ask(stack, ["stack", "export"]);
  if (answer.code === STACK_NOT_FOUND) return;
  if (answer.code !== 0) throw failure(stack, answer);
  const known = knownIn(answer.stdout);
  if (known.length === 0) return;
  const engine = connectEngine();
  const label = `${STACK_LABEL}=${shortName(stack.stack)}`;
  const objects = await Promise.all([
    objectsByLabel(engine, "container", label),
    objectsByLabel(engine, "network", label),
  ]);
  for (const it of strangersAmong(objects.flat(), known)) {
    if (it.kind === "network") await emptyNetwork(engine, it);
    await removeObject(engine, it);
    tell(`removed the ${it.kind} ${it.name}: it is not the one that was deployed`);
  }
}

/** A network is removed only when no container is in it. */
async function emptyNetwork(engine: DockerEngine, { id }: EngineObject): Promise<void> {
  const network = look(await engine.json("GET", `/networks/${id}`));
  for (const [Container] of network.entries("Containers"))
    await engine.json("POST", `/networks/${id}/disconnect`, { Container, Force: true });
}
