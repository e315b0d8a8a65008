import { styleText } from "node:util";
import type { Leg } from "./leg.ts";
import type { Report } from "./verify.ts";

type Style = Parameters<typeof styleText>[0];

/** `colours` is for a terminal; without it the text is plain. */
export interface ReportOptions {
  readonly colours: boolean;
}

/** The report as one line of JSON: `{"ok", "legs": [{"name", "url", "ok", "ms", "cause"?}]}`. */
export const reportJson = ({ ok, legs }: Report): string =>
  JSON.stringify({
    ok,
    legs: legs.map(({ name, url, ok: passed, ms, cause }) => ({
      name,
      url,
      ok: passed,
      ms,
      ...(cause !== undefined && { cause }),
    })),
  });

/**
 * The report for people: a line for each leg, below a failed one its cause and mend, and a last
 * line that sums up.
 */
export function reportTable({ legs }: Report, { colours }: ReportOptions): string {
  const paint = (style: Style, text: string) =>
    colours ? styleText(style, text, { validateStream: false }) : text;
  const width = (cell: (leg: Leg) => string) => Math.max(0, ...legs.map((leg) => cell(leg).length));
  const [names, urls, times] = [width(({ name }) => name), width(({ url }) => url), width(time)];
  const lines = legs.flatMap((leg) => [
    [
      leg.ok ? paint("green", "ok    ") : paint("red", "failed"),
      leg.name.padEnd(names),
      paint("dim", leg.url.padEnd(urls)),
      time(leg).padStart(times),
    ].join("  "),
    ...(leg.cause === undefined ? [] : [`        ${leg.cause}`]),
    ...(leg.mend === undefined ? [] : [`        ${paint("bold", "mend:")} ${leg.mend}`]),
  ]);
  return [...lines, summary(legs, paint)].join("\n");
}

const time = ({ ms }: Leg) => `${ms} ms`;

function summary(legs: readonly Leg[], paint: (style: Style, text: string) => string): string {
  const failed = legs.filter(({ ok }) => !ok).length;
  if (failed === 0) return paint("green", `all ${legs.length} legs passed: the relay works`);
  return paint("red", `${failed} of ${legs.length} legs failed`);
}
