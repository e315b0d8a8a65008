/** The reserve of disk: when the node holds it. */
import { expect, test } from "@jest/globals";
import { python } from "./support/python.ts";

const MIB = 1_048_576;

test.each([
  { there: true, freeMib: 20_000, wanted: true },
  { there: true, freeMib: 16, wanted: true },
  { there: true, freeMib: 15, wanted: false },
  { there: true, freeMib: 0, wanted: false },
  // What it gives up does not bring it back.
  { there: false, freeMib: 64, wanted: false },
  { there: false, freeMib: 255, wanted: false },
  { there: false, freeMib: 256, wanted: true },
])("with $freeMib MiB free beside it, there: $there, it is wanted: $wanted", (row) => {
  const { there, freeMib, wanted } = row;
  expect(python("reserve", "reserve.wanted(*given)", [there, freeMib * MIB])).toBe(wanted);
});
