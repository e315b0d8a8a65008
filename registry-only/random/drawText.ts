/** Which letters a text is drawn from, named as the inputs of the `random` provider. */
export interface Alphabet {
  readonly lower: boolean;
  readonly upper: boolean;
  readonly numeric: boolean;
  readonly special: boolean;
}

/** A whole number of at least 0 and below `limit`, every one as likely as the others. */
export type Draw = (limit: number) => number;

// The sets of the official provider (hashicorp/terraform-provider-random internal/random/string.go).
const letters = {
  lower: "abcdefghijklmnopqrstuvwxyz",
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  numeric: "0123456789",
  special: "!@#$%&*()-_=+[]{}<>:?",
} satisfies Record<keyof Alphabet, string>;

/** All letters of an alphabet, in one string; empty when every set is switched off. */
export function lettersOf({ lower, upper, numeric, special }: Alphabet): string {
  return (
    (special ? letters.special : "") +
    (numeric ? letters.numeric : "") +
    (lower ? letters.lower : "") +
    (upper ? letters.upper : "")
  );
}

/** A random text of `length` letters. */
export function drawText(length: number, alphabet: Alphabet, draw: Draw): string {
  const from = lettersOf(alphabet);
  return Array.from({ length }, () => from.charAt(draw(from.length))).join("");
}
