/** What stands in the Docker Engine in the place of something a stack made: recreated by hand or by another tool. */
import * as z from "zod";
import type { EngineObject, ObjectKind } from "../../machine/engineObjects.ts";

const Export = z.object({
  deployment: z
    .object({
      resources: z
        .array(
          z.object({
            type: z.string(),
            id: z.string().optional(),
            inputs: z.record(z.string(), z.unknown()).optional(),
          }),
        )
        .nullish(),
    })
    .nullish(),
});

/** An object of the engine as the state of a stack knows it. */
export type Known = Pick<EngineObject, "kind" | "id" | "name">;

/** Kinds whose objects have an id besides their name. A volume has none: another in its place is the same. */
const kindOf: Readonly<Record<string, ObjectKind>> = {
  "docker:index/container:Container": "container",
  "docker:index/network:Network": "network",
};

/** The containers and networks in what `pulumi stack export` prints. */
export const knownIn = (exported: string): Known[] =>
  (Export.parse(JSON.parse(exported)).deployment?.resources ?? []).flatMap(
    ({ type, id, inputs }): Known[] => {
      const kind = kindOf[type];
      const name = inputs?.["name"];
      return kind && id !== undefined && typeof name === "string" ? [{ kind, id, name }] : [];
    },
  );

/**
 * The objects that bear the name of one that the state knows, and are another one. A refresh finds the
 * known one gone, and an update would fail to make it again, as its name is taken.
 */
export const strangersAmong = (
  objects: readonly EngineObject[],
  known: readonly Known[],
): EngineObject[] =>
  objects.filter((it) => {
    const namesakes = known.filter(({ kind, name }) => kind === it.kind && name === it.name);
    return namesakes.length > 0 && !namesakes.some(({ id }) => id === it.id);
  });
