import type { Bridge, Field, Fields, FieldType, KindTable, OutputField } from "../provider/kind.ts";

/** Plain inputs, updated in place; the program need not give them. */
export const text = { type: "string" } satisfies Field;
export const flag = { type: "boolean" } satisfies Field;
export const count = { type: "integer" } satisfies Field;
/** Texts whose order says nothing, and texts by name. */
export const texts: Field = { type: { set: "string" } };
export const textMap: Field = { type: { map: "string" } };

/** An input whose change needs a new resource (`ForceNew` in the Terraform provider). */
export const fixed = (field: Field): Field => ({ ...field, replaces: true });

/** An input that AWS finds a value for when none is given (`Optional` and `Computed`). */
export const found = (field: Field): Field => ({ ...field, computed: true });

/** An input that the program must give. */
export const required = (field: Field): Field => ({ ...field, required: true });

/** An input that the official provider fills in (`Default`). */
export const withDefault = (field: Field, value: boolean | number | string): Field => ({
  ...field,
  default: value,
});

/** Objects in an order that counts, and in any order. */
export const listOf = (fields: Fields): FieldType => ({ list: { object: fields } });
export const setOf = (fields: Fields): FieldType => ({ set: { object: fields } });

/** A name that Pulumi makes up when none is given, of at most so many characters. */
export const autonamed = (longest: number): Field => fixed({ ...text, autoname: { longest } });

/** What one kind takes and answers beyond what all of AWS has. */
interface AwsTable {
  readonly inputs: Fields;
  /** Names of computed outputs, or what is known of them beforehand. */
  readonly outputs?: string[] | { readonly [name: string]: OutputField };
  /** It belongs to no region: IAM, Route 53, Budgets. */
  readonly global?: true;
  readonly tagged?: true;
  readonly bridge?: Bridge;
}

/** A kind's table: the region every regional resource has, and tags with their copy in `tagsAll`. */
export function awsTable({ inputs, outputs = [], global, tagged, bridge }: AwsTable): KindTable {
  const named = Array.isArray(outputs)
    ? Object.fromEntries(outputs.map((name): [string, OutputField] => [name, {}]))
    : outputs;
  return {
    inputs: {
      ...inputs,
      ...(global ? {} : { region: fixed(found(text)) }),
      ...(tagged ? { tags: textMap } : {}),
    },
    outputs: { ...named, ...(tagged ? { tagsAll: { sameAs: "tags" } } : {}) },
    ...(bridge === undefined ? {} : { bridge }),
  };
}
