import { isDeepStrictEqual } from "node:util";
import { compare } from "./compare.ts";
import type { Bridge, KindTable } from "./kind.ts";
import { isProps, UNKNOWN } from "./value.ts";
import type { Props, Value } from "./value.ts";

/** Where Check notes in the inputs which of them are defaults; the state knows nothing of it. */
const DEFAULTS = "__defaults";

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
  const state = { ...meta, ...Object.fromEntries(known), ...made.outputs, id: made.id };
  return Object.fromEntries(
    Object.entries(state)
      .filter(([name]) => name !== DEFAULTS)
      .map(([name, value]) => [name, withoutDefaults(value)]),
  );
}

/**
 * What a preview says the state will be: given inputs, values that never vary, and unknown for the
 * rest. For an update `olds` is the state so far, which stays where the inputs say nothing.
 */
export function plannedState(table: KindTable, bridge: Bridge, inputs: Props, olds?: Props): Props {
  const planned = knownBefore(table, bridge, inputs);
  if (olds === undefined) return { ...planned, id: UNKNOWN };
  const settled = Object.entries(planned).filter(([, value]) => value !== UNKNOWN);
  return {
    ...olds,
    ...Object.fromEntries(settled),
    ...Object.fromEntries(renewedOutputs(table, olds, inputs).map((name) => [name, UNKNOWN])),
    ...unknownInputs(inputs),
  };
}

/** The outputs that an update finds anew, by name. */
export function renewedOutputs(table: KindTable, olds: Props, inputs: Props): readonly string[] {
  const isChanged = (name: string) => {
    const field = table.inputs[name];
    return field !== undefined && compare({ [name]: field }, olds, inputs).length > 0;
  };
  return Object.entries(table.outputs)
    .filter(([, output]) => output.renewed || output.renewedBy?.some(isChanged))
    .map(([name]) => name);
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

/** A value less the notes on which of its members are defaults. */
export function withoutDefaults(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (!isProps(value)) return value;
  const kept = Object.entries(value).filter(([key]) => key !== DEFAULTS);
  return Object.fromEntries(kept.map(([key, it]) => [key, withoutDefaults(it)]));
}

/**
 * The inputs a refresh answers: those of the program, except where the resource is no longer what
 * the state said. Nothing is added, or every refresh would find drift.
 */
export function refreshedInputs(inputs: Props, before: Props, now: Props): Props {
  const changed = Object.entries(inputs).filter(
    ([name]) => !isDeepStrictEqual(before[name] ?? null, now[name] ?? null),
  );
  const wanted = Object.fromEntries(changed);
  return withDefaults({ ...inputs, ...followed(wanted, now) }, inputs);
}

/**
 * What the program gave, with the values that the state now has in its places: a list gets no longer
 * and an object no richer (recorded for the tests of a health check).
 */
function followed(given: Props, now: Props): Props {
  const kept = Object.entries(given).filter(([name]) => name === DEFAULTS || name in now);
  return Object.fromEntries(
    kept.map(([name, value]) => [name, followedValue(value, now[name] ?? value)]),
  );
}

function followedValue(given: Value, now: Value): Value {
  if (Array.isArray(given) && Array.isArray(now))
    return now.slice(0, given.length).map((it, i) => followedValue(given[i] ?? null, it));
  return isProps(given) && isProps(now) ? withDefaults(followed(given, now), given) : now;
}

/** A value that changed is no default any more. */
function withDefaults(props: Props, before: Props): Props {
  const defaults = props[DEFAULTS];
  if (!Array.isArray(defaults)) return props;
  const unchanged = (name: Value) =>
    typeof name === "string" && isDeepStrictEqual(props[name], before[name]);
  return { ...props, [DEFAULTS]: defaults.filter(unchanged) };
}
