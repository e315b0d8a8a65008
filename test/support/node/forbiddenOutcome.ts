/** What became of probes, in words that a failing test shows. Pure. */
import { canonical } from "./forbiddenPeers.ts";
import { CELLS, type Cell, cellOfPort, type ProbeReport } from "./forbiddenProbes.ts";
import type { Sighting } from "./trapRules.ts";

/** A cell in words. */
export const nameOf = ({ form, method, transport }: Cell): string =>
  `${form} by ${method} over ${transport}`;

/** Each packet's destination, and the cell that it came of. */
export const named = (sightings: readonly Sighting[]): string[] =>
  sightings
    .map(({ protocol, host, port, packets }) => {
      const cell = cellOfPort(port);
      return `${packets} of ${protocol} to ${host}: ${cell ? nameOf(cell) : `port ${port}`}`;
    })
    .toSorted();

/** The cells that any of the packets came of. */
export const cellsIn = (sightings: readonly Sighting[]): Set<string> =>
  new Set(
    sightings.flatMap(({ port }) => {
      const cell = cellOfPort(port);
      return cell ? [nameOf(cell)] : [];
    }),
  );

/** Hosts that packets of these cells went to. */
export const hostsIn = (sightings: readonly Sighting[], of: (cell: Cell) => boolean): Set<string> =>
  new Set(
    sightings.flatMap(({ host, port }) => {
      const cell = cellOfPort(port);
      return cell && of(cell) ? [canonical(host)] : [];
    }),
  );

/** Names of the cells that are so. */
export const cellNames = (which: (cell: Cell) => boolean): string[] =>
  CELLS.filter(which).map(nameOf);

/**
 * 403 is for a peer that is forbidden; LiveKit says 401 where a channel is. 443 is for a peer of another family than
 * the relay's (RFC 8656 section 12).
 */
const REFUSALS: readonly string[] = ["401", "403", "443", "unasked"];

/** Answers that are no refusal: a connection that was tried is one as well (447). */
export const notRefused = ({ answers }: ProbeReport): string[] =>
  Object.entries(answers).flatMap(([what, codes]) =>
    Object.entries(codes)
      .filter(([code]) => !REFUSALS.includes(code))
      .map(([code, times]) => `${what}: ${code}, ${times} times`),
  );
