import { look } from "../../machine/look.ts";
import type { Field } from "../provider/kind.ts";
import type { Value } from "../provider/value.ts";

/** Labels as a program writes them: `[{label, value}]`, in any order. */
export const labelField: Field = {
  type: {
    set: {
      object: {
        label: { type: "string", required: true },
        value: { type: "string", required: true },
      },
    },
  },
  replaces: true,
};

/** Labels as the engine takes them. */
export const labelMap = (labels: Value | undefined): Record<string, string> =>
  Object.fromEntries(
    look(labels)
      .list()
      .map((it) => [it.text("label"), it.text("value")]),
  );

/** Labels as the state holds them. */
export const labelList = (labels: Readonly<Record<string, string>>): Value[] =>
  Object.entries(labels).map(([label, value]) => ({ label, value }));
