import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { csvFields } from "../../../scripts/cost/csv.ts";

test.each([
  ["a,b", ["a", "b"]],
  ["", [""]],
  [",", ["", ""]],
  ['"a","b, c",,"d"', ["a", "b, c", "", "d"]],
  ['"say ""yes"""', ['say "yes"']],
])("%s", (line, fields) => {
  expect(csvFields(line)).toEqual(fields);
});

test("what is quoted comes back", () => {
  const field = fc.string({ unit: fc.constantFrom("a", ",", '"', " ", "ß") });
  fc.assert(
    fc.property(fc.array(field, { minLength: 1 }), (fields) => {
      const line = fields.map((it) => `"${it.replaceAll('"', '""')}"`).join(",");
      expect(csvFields(line)).toEqual(fields);
    }),
  );
});
