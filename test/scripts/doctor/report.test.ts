import { expect, test } from "@jest/globals";
import { ok, problem, unknown, warning } from "../../../scripts/doctor/finding.ts";
import { isWell, reportJson, reportTable } from "../../../scripts/doctor/report.ts";

const results = [
  { check: "node", findings: [ok("Node 24")] },
  {
    check: "engine",
    findings: [problem("no engine", "install it\nor start it"), warning("slow", "move it")],
  },
  { check: "clock", findings: [unknown("no time server")] },
];

test("the table is aligned, with each mend below its finding, and ends with what to do next", () => {
  expect(reportTable(results, { colours: false })).toBe(`ok       node    Node 24
problem  engine  no engine
                 -> install it
                 -> or start it
warning          slow
                 -> move it
unknown  clock   no time server

1 problem, 1 warning; 1 thing could not be told: mend "engine" first, as later ones often follow from earlier ones, then npm run doctor`);
});

test("colours mark the level and move nothing", () => {
  const coloured = reportTable(results, { colours: true });
  expect(coloured).toContain("\u001B[31mproblem\u001B[39m  engine");
  // oxlint-disable-next-line no-control-regex -- a terminal's colours begin with one
  expect(coloured.replaceAll(/\u001B\[\d+m/g, "")).toBe(reportTable(results, { colours: false }));
});

test.each([
  ["a problem", [problem("x", "y")], false],
  ["a warning", [warning("x", "y")], true],
  ["what cannot be told", [unknown("x")], true],
  ["nothing wrong", [ok("x")], true],
])("%s decides whether all is well", (_what, findings, well) => {
  expect(isWell([{ check: "it", findings }])).toBe(well);
});

test("as JSON every finding names its check", () => {
  expect(JSON.parse(reportJson(results))).toEqual({
    ok: false,
    findings: [
      { check: "node", level: "ok", text: "Node 24" },
      { check: "engine", level: "problem", text: "no engine", mend: "install it\nor start it" },
      { check: "engine", level: "warning", text: "slow", mend: "move it" },
      { check: "clock", level: "unknown", text: "no time server" },
    ],
  });
});
