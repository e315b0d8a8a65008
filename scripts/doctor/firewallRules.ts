/** Decides what a packet filter does with a new packet, as far as its rules are understood. */

/** A packet that opens a connection to the node. */
export interface Packet {
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  /** The node's address. */
  readonly address: string;
  /** Whether it comes over the loopback interface. */
  readonly loopback: boolean;
}

/** `maybe`: some packets of the kind, by their source, rate or something not understood here. */
export type Fit = "yes" | "no" | "maybe";

/** The fit of what is certain. */
export const yesNo = (it: boolean): Fit => (it ? "yes" : "no");

/** `goto` does not come back. */
export type Verdict =
  | { readonly kind: "accept" | "drop" | "return" | "none" }
  | { readonly kind: "jump" | "goto"; readonly chain: string };

export interface Rule {
  /** As the tool writes it, for messages. */
  readonly text: string;
  readonly fits: (packet: Packet) => Fit;
  readonly verdict: Verdict;
}

export interface Ruleset {
  /** Chains in which every packet to this machine begins, with what becomes of one that no rule decides. */
  readonly inputs: readonly { readonly chain: string; readonly policy: "accept" | "drop" }[];
  readonly chains: ReadonlyMap<string, readonly Rule[]>;
}

/** Combines what the parts of a rule say. */
export const allFit = (fits: readonly Fit[]): Fit =>
  fits.includes("no") ? "no" : fits.includes("maybe") ? "maybe" : "yes";

type Outcome =
  { readonly kind: "accept" } | { readonly kind: "drop"; readonly by: string } | undefined;

/**
 * What drops the packet, undefined when nothing does. A rule for some packets only is taken to let them
 * through and not to drop them: no false alarm.
 */
export function droppedBy(ruleset: Ruleset, packet: Packet): string | undefined {
  for (const { chain, policy } of ruleset.inputs) {
    const outcome = walk(ruleset, chain, packet, 0);
    if (outcome?.kind === "drop") return outcome.by;
    if (!outcome && policy === "drop") return `the policy of ${chain}`;
  }
  return undefined;
}

/** Deeper than rules nest; the kernel refuses loops anyway. */
const DEEPEST = 16;

function walk(ruleset: Ruleset, chain: string, packet: Packet, depth: number): Outcome {
  for (const { text, fits, verdict } of ruleset.chains.get(chain) ?? []) {
    const fit = fits(packet);
    if (fit === "no" || (fit === "maybe" && verdict.kind !== "accept")) continue;
    if (verdict.kind === "accept") return { kind: "accept" };
    if (verdict.kind === "drop") return { kind: "drop", by: text };
    if (verdict.kind === "return") return undefined;
    if (!("chain" in verdict) || depth === DEEPEST) continue;
    const outcome = walk(ruleset, verdict.chain, packet, depth + 1);
    if (outcome || verdict.kind === "goto") return outcome;
  }
  return undefined;
}
