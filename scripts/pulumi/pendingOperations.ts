/** What an interrupted update had begun and not recorded the end of. */
import * as z from "zod";
import { objectKinds, type ObjectKind } from "../../machine/engineObjects.ts";
import { creationOf } from "./cloudCreations.ts";

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
  /** What may be in AWS under a name that is known: Pulumi looks whether it is. */
  readonly imports: readonly { readonly urn: string; readonly id: string }[];
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
  const elsewhere = creating
    .filter(({ type }) => !engineKinds[type] && !STATE_ONLY.test(type))
    .map(({ urn, type, inputs }) => ({ urn, creation: creationOf(type, inputs) }));
  return {
    begun: begun.toSorted((a, b) => objectKinds.indexOf(a.kind) - objectKinds.indexOf(b.kind)),
    imports: elsewhere.flatMap(({ urn, creation }) =>
      creation.kind === "import" ? [{ urn, id: creation.id }] : [],
    ),
    unknown: elsewhere.filter(({ creation }) => creation.kind === "unknown").map(({ urn }) => urn),
  };
}

const Editable = z.looseObject({
  deployment: z.looseObject({
    resources: z.array(z.unknown()).nullish(),
    pending_operations: z
      .array(z.looseObject({ type: z.string(), resource: z.looseObject({ urn: z.string() }) }))
      .nullish(),
  }),
});

/**
 * What `pulumi stack export` prints, with creations that were pending as resources of those ids: a refresh
 * then reads them, and drops what was never made. Pulumi's own --import-pending-creates loses them
 * (3.259.0: nothing reads an operation of the type `importing`).
 */
export function withAdopted(exported: string, imports: MendingPlan["imports"]): string {
  const state = Editable.parse(JSON.parse(exported));
  const idOf = new Map(imports.map(({ urn, id }) => [urn, id]));
  const pending = state.deployment.pending_operations ?? [];
  const isAdopted = (it: (typeof pending)[number]) =>
    it.type === "creating" && idOf.has(it.resource.urn);
  return JSON.stringify({
    ...state,
    deployment: {
      ...state.deployment,
      // Behind all that they depend on, which was there when their creation began.
      resources: [
        ...(state.deployment.resources ?? []),
        ...pending
          .filter(isAdopted)
          .map(({ resource }) => ({ ...resource, id: idOf.get(resource.urn) })),
      ],
      pending_operations: pending.filter((it) => !isAdopted(it)),
    },
  });
}
