import { isDeepStrictEqual } from "node:util";
import type { Bridge, KindTable } from "./kind.ts";
import { isProps, UNKNOWN } from "./value.ts";
import type { Props, Value } from "./value.ts";

/** The state of a made resource: what the kind answered over the inputs, `id` and `__meta`. */
export function stateOf(
  table: KindTable,
  bridge: Bridge,
  inputs: Props,
  made: { readonly id: string; readonly outputs: Props },
): Props {
  const meta = table.meta === undefined ? {} : { __meta: table.meta };
  const known = Object.entries(knownBefore(table, bridge, inputs)).filter(
    ([, value]) => value !== UNKNOWN,
  );
  return { ...meta, ...Object.fromEntries(known), ...made.outputs, id: made.id };
}

/**
 * What a preview says the state will be: given inputs, values that never vary, and unknown for the
 * rest. For an update `olds` is the state so far, which stays where the inputs say nothing.
 */
export function plannedState(table: KindTable, bridge: Bridge, inputs: Props, olds?: Props): Props {
  const planned = knownBefore(table, bridge, inputs);
  if (olds === undefined) return { ...planned, id: UNKNOWN };
  const settled = Object.entries(planned).filter(([, value]) => value !== UNKNOWN);
  return { ...olds, ...Object.fromEntries(settled), ...unknownInputs(inputs) };
}

const unknownInputs = (inputs: Props): Props =>
  Object.fromEntries(Object.entries(inputs).filter(([, value]) => value === UNKNOWN));

function knownBefore(table: KindTable, bridge: Bridge, inputs: Props): Props {
  const known: Props = {};
  for (const [name, field] of Object.entries(table.inputs)) {
    const given = inputs[name] ?? field.stateDefault;
    if (given !== undefined) known[name] = withoutDefaults(given);
    else if (field.computed) known[name] = UNKNOWN;
    else if (bridge === "sdk2") known[name] = null;
  }
  for (const [name, output] of Object.entries(table.outputs)) {
    if (output.always !== undefined) known[name] = output.always;
    else if (output.sameAs !== undefined) known[name] = known[output.sameAs] ?? null;
    else known[name] = output.unset ? null : UNKNOWN;
  }
  return known;
}

function withoutDefaults(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (!isProps(value)) return value;
  const kept = Object.entries(value).filter(([key]) => key !== "__defaults");
  return Object.fromEntries(kept.map(([key, it]) => [key, withoutDefaults(it)]));
}

/**
 * The inputs a refresh answers: those of the program, except where the resource is no longer what
 * the state said. Nothing is added, or every refresh would find drift.
 */
export function refreshedInputs(inputs: Props, before: Props, now: Props): Props {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => {
      const read = now[name];
      const same = read === undefined || isDeepStrictEqual(before[name] ?? null, read);
      return [name, same ? value : read];
    }),
  );
}
