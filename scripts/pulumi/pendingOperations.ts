/** What an interrupted update had begun and not recorded the end of. */
import * as z from "zod";
import { objectKinds, type ObjectKind } from "../../machine/engineObjects.ts";

/** A pending operation of a state (apitype.OperationV2). */
const Operation = z.object({
  type: z.string(),
  resource: z.object({
    urn: z.string(),
    type: z.string(),
    inputs: z.record(z.string(), z.unknown()).optional(),
  }),
});
export type PendingOperation = z.infer<typeof Operation>;

const Export = z.object({
  deployment: z.object({ pending_operations: z.array(Operation).nullish() }).nullish(),
});

/** The pending operations in what `pulumi stack export` prints. */
export const pendingIn = (exported: string): PendingOperation[] =>
  Export.parse(JSON.parse(exported)).deployment?.pending_operations ?? [];

/** Something in the Docker Engine that was perhaps created. */
export interface Begun {
  readonly kind: ObjectKind;
  readonly name: string;
}

/** The kinds of resource that are objects of the engine. */
const engineKinds: Readonly<Record<string, ObjectKind>> = {
  "docker:index/container:Container": "container",
  "docker:index/network:Network": "network",
  "docker:index/volume:Volume": "volume",
};

/** Kinds that exist in the state alone, and images, which are kept anyway. */
const STATE_ONLY = /^(?:random|tls|pulumi|turnkey):|^docker:index\/remoteImage:RemoteImage$/;

export interface MendingPlan {
  /** What may be in the engine without being in the state, in the order in which it can be removed. */
  readonly begun: readonly Begun[];
  /** URNs of what may exist somewhere else. */
  readonly unknown: readonly string[];
}

/** Only a creation leaves what the state does not name: all else is in it, and a refresh sees what came of it. */
export function planMending(pending: readonly PendingOperation[]): MendingPlan {
  const creating = pending
    .filter(({ type }) => type === "creating")
    .map(({ resource }) => resource);
  const begun = creating.flatMap(({ type, inputs }): Begun[] => {
    const kind = engineKinds[type];
    const name = inputs?.["name"];
    return kind && typeof name === "string" ? [{ kind, name }] : [];
  });
  return {
    begun: begun.toSorted((a, b) => objectKinds.indexOf(a.kind) - objectKinds.indexOf(b.kind)),
    unknown: creating
      .filter(({ type }) => !engineKinds[type] && !STATE_ONLY.test(type))
      .map(({ urn }) => urn),
  };
}
