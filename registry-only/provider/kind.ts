import type { Props, Value } from "./value.ts";

/** The type of an input: a `set` is a list whose order says nothing. */
export type FieldType =
  | "string"
  | "integer"
  | "number"
  | "boolean"
  | { readonly list: FieldType }
  | { readonly set: FieldType }
  | { readonly map: FieldType }
  | { readonly object: Fields };

/** How the official provider names a resource that is given no name. */
export interface Autoname {
  /** Characters that the service allows; a longer name is an error. */
  readonly longest: number;
  readonly lowerCase?: true;
}

/** One input: what it may hold and what a change of it means. Everything left out is false. */
export interface Field {
  readonly type: FieldType;
  readonly required?: true;
  /** A change needs a new resource; otherwise the resource is updated in place. */
  readonly replaces?: true;
  /** Wrapped as a secret wherever it is answered. */
  readonly secret?: true;
  /** The provider finds a value when none is given, so an input that was taken away is no change. */
  readonly computed?: true;
  /** A change of it is none: a password that is another one at every look. */
  readonly ignored?: true;
  /** Added to the inputs by Check and named in `__defaults`. */
  readonly default?: Value;
  /** Never enters the inputs; the state holds it where the input is not given. */
  readonly stateDefault?: Value;
  /** Given a name by Check where the program gives none. */
  readonly autoname?: Autoname;
  /** The only texts allowed. */
  readonly oneOf?: readonly string[];
}

/** Inputs by name: every input a stand-in knows, anything else is refused. */
export type Fields = { readonly [name: string]: Field };

/** A property that is no declared input of ours: only ever answered. */
export interface OutputField {
  readonly secret?: true;
  /** A preview answers null instead of unknown: an input of the official provider that we do not declare. */
  readonly unset?: true;
  /** The value it always has, so that a preview knows it. */
  readonly always?: Value;
  /** The input whose value it always has. */
  readonly sameAs?: string;
  /** A change of any of these inputs makes it a new value, unknown to the preview of an update. */
  readonly renewedBy?: readonly string[];
  /** Every update finds a new value, so that the preview of one does not know it. */
  readonly renewed?: true;
}

/**
 * Which of Terraform's plugin SDKs the official provider is bridged from: it decides the manner of
 * the answers. `sdk2` (docker) lists defaults in `__defaults`, answers `stables` and a detailed
 * diff, and keeps inputs that are not given as null; `framework` (random, tls) does none of it.
 */
export type Bridge = "sdk2" | "framework";

/** What a resource kind takes and answers, as data. */
export interface KindTable {
  readonly inputs: Fields;
  /** Where one provider mixes both: the kind's own manner instead of the provider's. */
  readonly bridge?: Bridge;
  /** Properties in the state beside the inputs, `id` left out. */
  readonly outputs: { readonly [name: string]: OutputField };
  /** Answered with every Diff, less what is being replaced: only with the `sdk2` bridge. */
  readonly stables?: readonly string[];
  /** The official provider's `__meta`, kept in the state so that it reads a stand-in's state as its own. */
  readonly meta?: string;
  /** The old resource goes before the new one comes (a name can exist once). */
  readonly deleteBeforeReplace?: true;
}

/** An input that is wrong, for Check: the property's name and what is wrong with it. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** One difference between the state and the wanted inputs. */
export interface Change {
  /** Property path in Pulumi's notation: `labels[0].value`, `tmpfs["/tmp"]`. */
  readonly path: string;
  readonly kind: "add" | "update" | "delete";
  readonly replaces: boolean;
}

/** Which resource a call is about. */
export interface Subject {
  readonly token: string;
  /** The resource's name in the program. */
  readonly name: string;
}

/**
 * The life of one resource kind. Values handed in are unwrapped and, except in `check` and `diff`,
 * known; previews never reach `create` and `update`: the table answers them. A method that throws
 * fails the operation with the error's message.
 */
export interface Kind {
  readonly table: KindTable;
  /** What is wrong with inputs beyond what the table can say; unknown values may occur. */
  check?(news: Props): readonly Failure[];
  /** Changes beyond what comparing the table's inputs finds; `olds` is the state. */
  diff?(olds: Props, news: Props): readonly Change[];
  /** The outputs are laid over the inputs to make the state; `id` and `__meta` are added. */
  create(inputs: Props, subject: Subject): Promise<{ id: string; outputs: Props }>;
  /** The resource as it is now: outputs laid over the state; undefined says that it is gone. */
  read(
    id: string,
    outputs: Props,
    subject: Subject,
  ): Promise<{ id: string; outputs: Props } | undefined>;
  /** Outputs as for create, laid over `news`; a kind without it can only be replaced. */
  update?(id: string, olds: Props, news: Props, subject: Subject): Promise<Props>;
  delete(id: string, outputs: Props, subject: Subject): Promise<void>;
}
