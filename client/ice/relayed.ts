import { isObject } from "./isObject.ts";

/**
 * Whether this side's end of a path in use is a relay, from what `getStats` gave (W3C webrtc-stats). The
 * transport names its pair; Firefox marks the pair itself.
 */
export function isRelayed(report: { forEach(callback: (stat: unknown) => void): void }): boolean {
  const stats = new Map<unknown, Readonly<Record<string, unknown>>>();
  report.forEach((stat) => {
    if (isObject(stat)) stats.set(stat["id"], stat);
  });
  return [...stats.values()].some((stat) => {
    const named = stat["type"] === "transport" && stats.get(stat["selectedCandidatePairId"]);
    const pair = named || (stat["selected"] === true && stat);
    return pair && stats.get(pair["localCandidateId"])?.["candidateType"] === "relay";
  });
}
