/** The findings as people read them, and as programs do. */
import { styleText } from "node:util";
import { columns } from "../commands/columns.ts";
import { levels, type Finding, type Level } from "./finding.ts";
import type { CheckResult } from "./runChecks.ts";

const colours = { ok: "green", warning: "yellow", problem: "red", unknown: "cyan" } as const;

const counted = (count: number, one: string) => `${count} ${one}${count === 1 ? "" : "s"}`;

const mendOf = (finding: Finding) => ("mend" in finding ? finding.mend : undefined);

/** Whether nothing is broken; warnings and what could not be told do not count. */
export const isWell = (results: readonly CheckResult[]): boolean =>
  results.every(({ findings }) => findings.every(({ level }) => level !== "problem"));

/** A line for each finding, its mend below it, and what to do next. */
export function reportTable(
  results: readonly CheckResult[],
  { colours: coloured }: { colours: boolean },
): string {
  const mark = (level: Level, padded: string) =>
    coloured
      ? padded.replace(level, styleText(colours[level], level, { validateStream: false }))
      : padded;
  const rows = results.flatMap(({ check, findings }) =>
    findings.map((finding, index) => [
      finding.level,
      index === 0 ? check : "",
      [
        finding.text,
        ...(mendOf(finding) ?? "")
          .split("\n")
          .filter(Boolean)
          .map((it) => `-> ${it}`),
      ].join("\n"),
    ]),
  );
  const table = columns(rows).replaceAll(/^(ok|warning|problem|unknown)( *)/gm, (line, level) =>
    mark(levels.find((it) => it === level) ?? "unknown", line),
  );
  return `${table}\n\n${summary(results)}`;
}

function summary(results: readonly CheckResult[]): string {
  const all = results.flatMap(({ findings }) => findings);
  const count = (level: Level) => all.filter((it) => it.level === level).length;
  const [problems, warnings, unknowns] = [count("problem"), count("warning"), count("unknown")];
  const untold = unknowns > 0 ? `; ${counted(unknowns, "thing")} could not be told` : "";
  const first = results.find(({ findings }) => findings.some((it) => it.level === "problem"));
  if (first)
    return `${counted(problems, "problem")}, ${counted(warnings, "warning")}${untold}: mend "${first.check}" first, as later ones often follow from earlier ones, then npm run doctor`;
  if (warnings > 0) return `no problem, ${counted(warnings, "warning")}${untold}`;
  return `all is well${untold}; npm run verify proves that the relay works`;
}

/** `{ok, findings: [{check, level, text, mend?}]}`. */
export const reportJson = (results: readonly CheckResult[]): string =>
  JSON.stringify(
    {
      ok: isWell(results),
      findings: results.flatMap(({ check, findings }) => findings.map((it) => ({ check, ...it }))),
    },
    undefined,
    2,
  );
