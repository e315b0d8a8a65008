/**
 * The port table: every port that a service opens is one row, and everything that speaks of ports
 * (livekit.yaml, Docker publishing, ICE URLs, outputs, documentation) is a view of it.
 */
import * as z from "zod";

/** Names of the rows. A row is looked up by its name, never by its number. */
export const rowNames = [
  "http",
  "https",
  "signalling",
  "ice-tcp",
  "media",
  "relay",
  "turn-udp",
  "turn-tls",
  "turn-tcp",
  "metrics",
  "edge-metrics",
  "api",
  "api-metrics",
  "acme",
] as const;
export type RowName = (typeof rowNames)[number];

/**
 * Who may reach a row: `public` everyone who may reach the node, `node` only processes on the node
 * itself. On a laptop even public rows listen only on the node address (127.0.0.1, or the LAN's), but
 * `ice-tcp`: LiveKit binds that port on every interface and has no setting for it.
 */
export const exposures = ["public", "node"] as const;

/** One row, as data: it travels in the stack's outputs. Ports are inclusive at both ends. */
export const PortRow = z.strictObject({
  name: z.enum(rowNames),
  protocol: z.enum(["tcp", "udp"]),
  from: z.int().min(1).max(65_535),
  to: z.int().min(1).max(65_535),
  purpose: z.string().min(1),
  exposure: z.enum(exposures),
  /** The row this one lies inside; a row with a parent opens nothing of its own. */
  within: z.enum(rowNames).optional(),
});
export type PortRow = z.infer<typeof PortRow>;

/** Where what is only for the node itself listens. */
export const LOOPBACK = "127.0.0.1";

/** Ports from one to another, both inclusive. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

const range = (ports: number | PortRange) =>
  typeof ports === "number" ? { from: ports, to: ports } : ports;

/** A public TCP row of one port or a range; other exposures and parents are spread over it. */
export const tcp = (name: RowName, ports: number | PortRange, purpose: string): PortRow => ({
  name,
  protocol: "tcp",
  ...range(ports),
  purpose,
  exposure: "public",
});

/** The same for UDP. */
export const udp = (name: RowName, ports: number | PortRange, purpose: string): PortRow => ({
  ...tcp(name, ports, purpose),
  protocol: "udp",
});

/**
 * The address that a row's ports are opened on: `bindAddress`, where clients come in (the node address
 * on a laptop, every address on EC2), or loopback. LiveKit binds all its TURN listeners to the same
 * address, so `turn-tcp` is where clients come in though nobody outside needs it.
 */
export const listenAddress = ({ name, exposure }: PortRow, bindAddress: string): string =>
  exposure === "public" || name === "turn-tcp" ? bindAddress : LOOPBACK;

/** Whether a table has a row of that name: a stack without an edge has none for it. */
export const hasRow = (rows: readonly PortRow[], name: RowName): boolean =>
  rows.some((it) => it.name === name);

/** The row of that name. Throws when the table has none: a bug, as names are a closed set. */
export function row(rows: readonly PortRow[], name: RowName): PortRow {
  const found = rows.find((it) => it.name === name);
  if (!found) throw new Error(`the port table has no row "${name}"`);
  return found;
}

/** How a row's ports are written for people: `443/udp`, `50100-50200/udp`. */
export const portLabel = ({ protocol, from, to }: Pick<PortRow, "protocol" | "from" | "to">) =>
  `${from === to ? `${from}` : `${from}-${to}`}/${protocol}`;

const overlaps = (a: PortRange, b: PortRange) => a.from <= b.to && b.from <= a.to;
const contains = (outer: PortRange, inner: PortRange) =>
  outer.from <= inner.from && inner.to <= outer.to;

/** Something wrong with a table: the row it is about, what is given and what would be right. */
export interface PortProblem {
  readonly row: RowName;
  readonly given: string;
  readonly wanted: string;
}

/**
 * Everything wrong with a table: a row that ends before it begins, a child outside its parent, rows
 * that overlap. Rows with a parent open nothing of their own, so only rows without one may clash.
 */
export function portProblems(rows: readonly PortRow[]): PortProblem[] {
  const about = (it: PortRow, wanted: string) => ({ row: it.name, given: portLabel(it), wanted });
  const problems = rows.filter((it) => it.from > it.to).map((it) => about(it, "from at most to"));
  for (const child of rows) {
    const parent = rows.find((it) => it.name === child.within);
    if (parent && (parent.protocol !== child.protocol || !contains(parent, child)))
      problems.push(about(child, `ports inside those of ${parent.name}, ${portLabel(parent)}`));
  }
  const tops = rows.filter((it) => it.within === undefined);
  for (const [index, a] of tops.entries())
    for (const b of tops.slice(index + 1))
      if (a.protocol === b.protocol && overlaps(a, b))
        problems.push(about(b, `no port of ${a.name}, ${portLabel(a)}`));
  return problems;
}
