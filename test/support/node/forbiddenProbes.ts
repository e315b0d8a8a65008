/** What a probe is: a peer, written in some form, asked for by some method over some transport. */
import * as z from "zod";
import { type Form, FORMS } from "./forbiddenPeers.ts";

/**
 * Ways to have something sent to a peer. `unpermitted` is a Send indication for a peer that there is no permission
 * for, on a relay with a permission for another one; `connect` is a relay of TCP (RFC 6062).
 */
export const METHODS = ["permission", "channel", "unpermitted", "connect"] as const;
export type Method = (typeof METHODS)[number];

/** Ways to the server. */
export const TRANSPORTS = ["udp", "tls"] as const;
export type ProbeTransport = (typeof TRANSPORTS)[number];

/** What probes are told apart by. */
export interface Cell {
  readonly form: Form;
  readonly method: Method;
  readonly transport: ProbeTransport;
}

/** Each cell sends to a port of its own, by which what arrives is known. */
const FIRST_PORT = 20_000;
/** Each that there is. */
export const CELLS: readonly Cell[] = FORMS.flatMap((form) =>
  METHODS.flatMap((method) => TRANSPORTS.map((transport) => ({ form, method, transport }))),
);
/** Ports of all of them. */
export const PROBE_PORTS = { from: FIRST_PORT, to: FIRST_PORT + CELLS.length - 1 } as const;

const isThe = (one: Cell) => (other: Cell) =>
  one.form === other.form && one.method === other.method && one.transport === other.transport;

/** The port of a cell. */
export const portOfCell = (cell: Cell): number => FIRST_PORT + CELLS.findIndex(isThe(cell));
/** The cell of a port; undefined where it is none's. */
export const cellOfPort = (port: number): Cell | undefined => CELLS[port - FIRST_PORT];

/** What every probe begins with: meters count nothing else. */
export const MARK = Buffer.from("turnkey!");

/** What a relay sends: packets of IPv4, or of IPv6 (RFC 8656 section 18.5). */
export const FAMILIES = ["IPv4", "IPv6"] as const;
export type Family = (typeof FAMILIES)[number];

/** A TURN URL for each transport. */
const Urls = z.strictObject({ udp: z.string(), tls: z.string() });

/** The driver's task, on its standard input. */
export const ProbeTask = z.strictObject({
  /** Where relays of a family are asked for. */
  urls: z.strictObject({ IPv4: Urls, IPv6: Urls }),
  ca: z.string(),
  credential: z.strictObject({ username: z.string(), credential: z.string() }),
  /** A peer that a relay may reach; permissions of `unpermitted` are for it. */
  allowed: z.ipv4(),
  /** `port` is the cell's where there is none. */
  peers: z.array(
    z.strictObject({ host: z.string(), form: z.enum(FORMS), port: z.int().optional() }),
  ),
});
export type ProbeTask = z.infer<typeof ProbeTask>;

/**
 * What the server answered: by family of the relay, transport, method and form, how often each code came: `0` is
 * success, and `silence` no answer. `relays` are the answers to Allocate, by family, transport and method.
 */
export const ProbeReport = z.strictObject({
  relays: z.record(z.string(), z.string()),
  answers: z.record(z.string(), z.record(z.string(), z.int())),
  sent: z.int(),
});
export type ProbeReport = z.infer<typeof ProbeReport>;
