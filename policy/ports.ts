/** Sets of ports, as `443/tcp` or `50000-60000/udp`. */
import * as z from "zod";

export interface PortSpan {
  readonly from: number;
  readonly to: number;
}

/** What a firewall can name beside ports' protocols. */
export type Protocol = "tcp" | "udp" | "icmp" | "icmpv6";

export interface Ports extends PortSpan {
  readonly protocol: Protocol;
}

export const ALL_PORTS: PortSpan = { from: 0, to: 65_535 };

const FORM = /^(?:(\d{1,5})(?:-(\d{1,5}))?\/(tcp|udp)|icmp|icmpv6)$/;

const isSpan = ({ from, to }: PortSpan) => from <= to && to <= ALL_PORTS.to;

/** Ports as configuration gives them: `443/tcp`, `50000-60000/udp`, `icmp` or `icmpv6`. */
export const PortsText = z
  .string()
  .regex(FORM, { message: 'ports are written "443/tcp", "50000-60000/udp", "icmp" or "icmpv6"' })
  .refine((text) => isSpan(portsOf(text)), {
    message: "ports lie between 0 and 65535, the lower one first",
  });

/** The ports that a text of this form names. */
export function portsOf(text: string): Ports {
  const [, from, to = from, protocol] = FORM.exec(text) ?? [];
  if (protocol !== "tcp" && protocol !== "udp")
    return { protocol: text === "icmpv6" ? "icmpv6" : "icmp", ...ALL_PORTS };
  return { protocol, from: Number(from), to: Number(to) };
}

/** The parts of a span that are in none of others, in ascending order. */
export const withoutSpans = (span: PortSpan, others: readonly PortSpan[]): PortSpan[] =>
  others.reduce<PortSpan[]>(
    (left, other) =>
      left.flatMap((it) =>
        other.to < it.from || it.to < other.from
          ? [it]
          : [
              { from: it.from, to: other.from - 1 },
              { from: other.to + 1, to: it.to },
            ].filter(({ from, to }) => from <= to),
      ),
    [span],
  );

/** A span as messages name it. */
export const spanText = ({ from, to }: PortSpan): string =>
  from === to ? `${from}` : `${from}-${to}`;
