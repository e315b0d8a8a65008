import type { Field, Fields, Kind, OutputField } from "../provider/kind.ts";
import { number } from "../provider/read.ts";
import type { Props } from "../provider/value.ts";
import { drawText, lettersOf } from "./drawText.ts";
import type { Alphabet, Draw } from "./drawText.ts";

const letters: Field = { type: "boolean", replaces: true, stateDefault: true };

const inputs = {
  length: { type: "integer", required: true, replaces: true },
  lower: letters,
  upper: letters,
  numeric: letters,
  special: letters,
  keepers: { type: { map: "string" }, replaces: true },
} satisfies Fields;

const none: OutputField = { always: 0 };

const outputs = {
  minLower: none,
  minNumeric: none,
  minSpecial: none,
  minUpper: none,
  number: { sameAs: "numeric" },
} satisfies Record<string, OutputField>;

function check(news: Props): ReturnType<NonNullable<Kind["check"]>> {
  const { length } = news;
  if (typeof length === "number" && length < 1) {
    return [{ property: "length", reason: `is ${length}; wanted at least 1` }];
  }
  if (lettersOf(alphabetOf(news)) === "") {
    return [{ property: "lower", reason: "no letters are left: switch one of the sets on" }];
  }
  return [];
}

function alphabetOf({ lower, upper, numeric, special }: Props): Alphabet {
  return {
    lower: lower !== false,
    upper: upper !== false,
    numeric: numeric !== false,
    special: special !== false,
  };
}

const kept = {
  read: (id: string) => Promise.resolve({ id, outputs: {} }),
  delete: () => Promise.resolve(),
};

/** The kinds of the `random` provider that Turnkey declares; `draw` is the source of randomness. */
export function randomKinds(draw: Draw): Record<string, Kind> {
  const resultOf = (given: Props) => drawText(number(given, "length"), alphabetOf(given), draw);
  return {
    "random:index/randomString:RandomString": {
      table: { inputs, outputs: { ...outputs, result: {} }, meta: '{"schema_version":"3"}' },
      check,
      create: (given) => {
        const result = resultOf(given);
        return Promise.resolve({ id: result, outputs: { result } });
      },
      ...kept,
    },
    // The official provider also keeps `bcryptHash`; nothing installed makes one, so it stays null.
    "random:index/randomPassword:RandomPassword": {
      table: {
        inputs,
        outputs: { ...outputs, bcryptHash: { secret: true }, result: { secret: true } },
        meta: '{"schema_version":"3"}',
      },
      check,
      create: (given) =>
        Promise.resolve({ id: "none", outputs: { result: resultOf(given), bcryptHash: null } }),
      ...kept,
    },
  };
}
