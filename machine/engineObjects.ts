/** Containers, networks and volumes of an engine, found by label and removed. */
import { withQuery, type DockerEngine } from "./dockerEngine.ts";
import { isNotFound } from "./engineError.ts";
import { look, type Look } from "./look.ts";

/** The kinds in the order in which they can be removed: what uses before what is used. */
export const objectKinds = ["container", "network", "volume"] as const;
export type ObjectKind = (typeof objectKinds)[number];

/** One thing in the engine; a volume's id is its name. */
export interface EngineObject {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Every object that carries the label, `key` or `key=value`; stopped containers too. */
export async function objectsByLabel(
  engine: DockerEngine,
  kind: ObjectKind,
  label: string,
): Promise<EngineObject[]> {
  const filters = JSON.stringify({ label: [label] });
  const all = kind === "container" ? true : undefined;
  const answer = look(await engine.json("GET", withQuery(listPath[kind], { all, filters })));
  return (kind === "volume" ? answer.list("Volumes") : answer.list()).map((it) => ({
    kind,
    id: kind === "volume" ? it.text("Name") : it.text("Id"),
    name: kind === "container" ? containerName(it) : it.text("Name"),
    labels: it.textMap("Labels"),
  }));
}

/** Removes one object, a running container with its anonymous volumes included; one that is gone is fine. */
export async function removeObject(
  engine: DockerEngine,
  { kind, id }: Pick<EngineObject, "kind" | "id">,
): Promise<void> {
  const how = kind === "container" ? { force: true, v: true } : {};
  try {
    await engine.json("DELETE", withQuery(`/${kind}s/${encodeURIComponent(id)}`, how));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

const listPath = {
  container: "/containers/json",
  network: "/networks",
  volume: "/volumes",
} satisfies Record<ObjectKind, string>;

/** The engine writes names with a leading slash. */
const containerName = (it: Look) => it.texts("Names")[0]?.replace(/^\//, "") ?? "";
