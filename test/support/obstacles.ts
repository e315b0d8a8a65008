/** What networks put in the way of calls, in a namespace of a test's own. */
import { inNamespace } from "./networkTools.ts";

const TABLE = "turnkey-obstacles";

export interface Obstacles {
  /** Drops UDP that comes back from an address, without a word: what is sent goes unanswered. */
  readonly noUdpFrom?: string;
  /** Leads TCP to a port of an address to another port of it. */
  readonly redirect?: readonly {
    readonly address: string;
    readonly from: number;
    readonly to: number;
  }[];
}

/** Puts them in the way. */
export async function obstruct(namespace: string, { noUdpFrom, redirect = [] }: Obstacles) {
  const rules = [
    `table ip ${TABLE} {`,
    "chain back { type filter hook input priority 0;",
    ...(noUdpFrom === undefined ? [] : [`ip saddr ${noUdpFrom} meta l4proto udp drop;`]),
    "}",
    "chain there { type nat hook output priority -100;",
    ...redirect.map(
      ({ address, from, to }) => `ip daddr ${address} tcp dport ${from} dnat to ${address}:${to};`,
    ),
    "}",
    "}",
  ];
  await inNamespace(namespace, "nft", rules.join("\n"));
}

/** Takes them away, if there are any. */
export const clearWay = async (namespace: string): Promise<void> =>
  void (await inNamespace(namespace, "nft", `add table ip ${TABLE}; delete table ip ${TABLE}`));
