import { styleText } from "node:util";
import type { Leg } from "./leg.ts";
import type { Report } from "./verify.ts";

type Style = Parameters<typeof styleText>[0];

/** `colours` is for a terminal; without it the text is plain. */
export interface ReportOptions {
  readonly colours: boolean;
}

/** What became of a leg. `n/a`: it cannot work with this deployment. */
type Result = "ok" | "failed" | "n/a";

const resultOf = ({ ok, na }: Leg): Result => {
  if (!ok) return "failed";
  return na === undefined ? "ok" : "n/a";
};

/**
 * The report as one line of JSON: `{"ok", "legs": [{"name", "url", "ok", "result", "ms", "cause"?,
 * "na"?}]}`. `ok` is false only where something failed; `na` is the reason of an `n/a`.
 */
export const reportJson = ({ ok, legs }: Report): string =>
  JSON.stringify({
    ok,
    legs: legs.map((leg) => ({
      name: leg.name,
      url: leg.url,
      ok: leg.ok,
      result: resultOf(leg),
      ms: leg.ms,
      ...(leg.cause !== undefined && { cause: leg.cause }),
      ...(leg.na !== undefined && { na: leg.na }),
    })),
  });

const STYLES = { ok: "green", failed: "red", "n/a": "yellow" } satisfies Record<Result, Style>;
const WIDEST = "failed".length;

/**
 * The report for people: a line for each leg, below it why it is n/a, or its cause and mend if it
 * failed, and a last line that sums up.
 */
export function reportTable({ legs }: Report, { colours }: ReportOptions): string {
  const paint = (style: Style, text: string) =>
    colours ? styleText(style, text, { validateStream: false }) : text;
  const width = (cell: (leg: Leg) => string) => Math.max(0, ...legs.map((leg) => cell(leg).length));
  const [names, urls, times] = [width(({ name }) => name), width(({ url }) => url), width(time)];
  const lines = legs.flatMap((leg) => [
    [
      paint(STYLES[resultOf(leg)], resultOf(leg).padEnd(WIDEST)),
      leg.name.padEnd(names),
      paint("dim", leg.url.padEnd(urls)),
      time(leg).padStart(times),
    ].join("  "),
    ...[leg.na, leg.cause].flatMap((text) => (text === undefined ? [] : [`        ${text}`])),
    ...(leg.mend === undefined ? [] : [`        ${paint("bold", "mend:")} ${leg.mend}`]),
  ]);
  return [...lines, summary(legs, paint)].join("\n");
}

const time = ({ ms }: Leg) => `${ms} ms`;

function summary(legs: readonly Leg[], paint: (style: Style, text: string) => string): string {
  const count = (wanted: Result) => legs.filter((leg) => resultOf(leg) === wanted).length;
  const [passed, failed, na] = [count("ok"), count("failed"), count("n/a")];
  const besides = na > 0 ? `, ${na} n/a` : "";
  return failed > 0
    ? paint("red", `${failed} of ${passed + failed} legs failed${besides}`)
    : paint("green", `all ${passed} legs passed${besides}: the relay works`);
}
