/** Which ports of a security group the public reaches, or which it reaches in public. */
import { type Direction, type Opening, openingsOf } from "./openings.ts";
import { type PortSpan, spanText } from "./ports.ts";
import { isPublic } from "./publicSources.ts";
import type { Resource } from "./rule.ts";

export interface PublicOpening {
  readonly protocol: Opening["protocol"];
  readonly ports: PortSpan;
  /** What it is made of; more than one where only together they are open to the public. */
  readonly of: readonly [Opening, ...Opening[]];
}

/** Judged per group and protocol, all its rules together; what is open with every protocol is told once, as `all`. */
export function publicOpenings(
  resources: readonly Resource[],
  direction: Direction,
): readonly PublicOpening[] {
  const openings = openingsOf(resources).filter((it) => it.direction === direction);
  const groups = Map.groupBy(openings, ({ group }) => group);
  return [...groups.values()].flatMap((group) => {
    const always = group.filter(({ protocol }) => protocol === "all");
    const wide = publicSpans("all", always);
    if (wide.length > 0) return wide;
    const protocols = new Set(group.map(({ protocol }) => protocol));
    protocols.delete("all");
    return [...protocols].flatMap((protocol) =>
      publicSpans(protocol, [...group.filter((it) => it.protocol === protocol), ...always]),
    );
  });
}

/** Spans of ports within which the same openings hold, where these together are open to the public. */
function publicSpans(protocol: Opening["protocol"], openings: readonly Opening[]): PublicOpening[] {
  const starts = new Set(openings.flatMap(({ ports }) => [ports.from, ports.to + 1]));
  const cuts = [...starts].toSorted((a, b) => a - b);
  const spans: PublicOpening[] = [];
  for (const [index, from] of cuts.slice(0, -1).entries()) {
    const ports = { from, to: (cuts[index + 1] ?? from) - 1 };
    const [first, ...others] = openings.filter(
      (it) => it.ports.from <= ports.from && ports.to <= it.ports.to,
    );
    if (first === undefined) continue;
    if (!isPublic([first, ...others].flatMap(({ ranges }) => ranges))) continue;
    const before = spans.at(-1);
    const goesOn = before?.ports.to === from - 1 && before.of.length === others.length + 1;
    if (goesOn && before.of.every((it, at) => it === [first, ...others][at]))
      spans.splice(-1, 1, { ...before, ports: { from: before.ports.from, to: ports.to } });
    else spans.push({ protocol, ports, of: [first, ...others] });
  }
  return spans;
}

/** `tcp 22 from 0.0.0.0/1 (rule-a), 128.0.0.0/1 (rule-b)`. */
export function openingText({ protocol, ports, of }: PublicOpening): string {
  const what = protocol === "all" ? "every protocol" : protocolText(protocol, [ports]);
  const where = of.flatMap(({ cidrs, resource }) => cidrs.map((it) => `${it} (${resource.name})`));
  return `${what} ${of[0].direction === "ingress" ? "from" : "to"} ${where.join(", ")}`;
}

/** `udp 443, 50000-60000`; protocols other than these two have no ports. */
export const protocolText = (protocol: string, spans: readonly PortSpan[]): string =>
  protocol === "tcp" || protocol === "udp"
    ? `${protocol} ${spans.map(spanText).join(", ")}`
    : /^\d+$/.test(protocol)
      ? `protocol ${protocol}`
      : protocol;
