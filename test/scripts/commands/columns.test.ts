import { expect, test } from "@jest/globals";
import { columns } from "../../../scripts/commands/columns.ts";

test("columns are as wide as their widest line, and lines do not end in spaces", () => {
  const rows = [["API", "http://127.0.0.1:7890"], ["ICE URLs", "one\ntwo"], [], ["ports", ""]];
  expect(columns(rows)).toBe(
    ["API       http://127.0.0.1:7890", "ICE URLs  one", "          two", "", "ports"].join("\n"),
  );
});
