/** The TURN servers that a resource configures, and the containers that run them. */
import type { Resource } from "../rule.ts";
import { configFilesOf } from "./configFiles.ts";
import type { Container } from "./container.ts";
import { containersOf } from "./containers.ts";
import { coturnServers } from "./coturnServers.ts";
import { hasTurn, livekitServers } from "./livekitServers.ts";
import type { TurnServer } from "./turnServer.ts";

/** Every server whose configuration is known: in files that the resource carries, or on a command line. */
export function serversOf(resource: Resource): readonly TurnServer[] {
  const files = configFilesOf(resource);
  return containersOf(resource).flatMap((container) => {
    const its = files.filter((it) => it.part === container.part);
    return [...livekitServers(container, its), ...coturnServers(container, its)];
  });
}

/** The same, without LiveKit servers whose TURN is off. */
export const turnServersOf = (resource: Resource): readonly TurnServer[] =>
  serversOf(resource).filter((it) => it.engine === "coturn" || hasTurn(it));

/** The containers that run a server: the one that carries its files, or those that share a volume with it. */
export function runnersOf(
  { container }: TurnServer,
  resources: readonly Resource[],
): readonly Container[] {
  if (container.runs) return [container];
  return resources
    .flatMap(containersOf)
    .filter((it) => it.runs && it.volumes.some((name) => container.volumes.includes(name)));
}
