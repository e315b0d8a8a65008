/** The containers that a resource describes: itself, or the services of a node document; none for other kinds. */
import type { Resource } from "../rule.ts";
import type { Container } from "./container.ts";
import { DOCKER_CONTAINER, dockerContainer } from "./dockerContainer.ts";
import { documentContainers } from "./nodeDocument.ts";

export const containersOf = (resource: Resource): readonly Container[] =>
  resource.type === DOCKER_CONTAINER ? [dockerContainer(resource)] : documentContainers(resource);
