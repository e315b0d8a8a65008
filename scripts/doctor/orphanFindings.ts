/** What the engine holds of stacks that are gone. */
import { STACK_LABEL } from "../../components/dockerLabels.ts";
import type { EngineObject } from "../../machine/engineObjects.ts";
import { warning, type Finding } from "./finding.ts";

/** Objects of stacks that no backend of this user has; `known` are the names of those it has. */
export function orphanFindings(
  objects: readonly EngineObject[],
  known: ReadonlySet<string>,
): Finding[] {
  const orphans = objects.filter(({ labels }) => !known.has(labels[STACK_LABEL] ?? ""));
  const stacks = [...new Set(orphans.map(({ labels }) => labels[STACK_LABEL] ?? ""))].toSorted();
  return stacks.map((name) => {
    const mine = orphans.filter(({ labels }) => labels[STACK_LABEL] === name);
    const filter = `--filter label=${STACK_LABEL}=${name}`;
    return warning(
      `the engine holds ${mine.length} objects of stack "${name}", which is in no backend of this user`,
      `if it is no other user's: docker rm -f $(docker ps -aq ${filter}); docker network rm $(docker network ls -q ${filter}); docker volume rm $(docker volume ls -q ${filter})`,
    );
  });
}
