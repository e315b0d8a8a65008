/** Reads the rules of `nft --json list ruleset` (libnftables-json). */
import { look, type Look } from "../../machine/look.ts";
import {
  allFit,
  type Fit,
  type Packet,
  type Rule,
  type Ruleset,
  type Verdict,
  yesNo,
} from "./firewallRules.ts";

/** Families whose packets are IPv4. */
const FAMILIES = ["ip", "inet"];

/** A value, or what a set, a list or a range holds. */
function holds(right: Look, wanted: string | number): boolean {
  if (right.has("set")) return right.list("set").some((it) => holds(it, wanted));
  if (Array.isArray(right.value)) return right.list().some((it) => holds(it, wanted));
  const [from, to] = right.list("range");
  if (from && to)
    return typeof wanted === "number" && Number(from.value) <= wanted && wanted <= Number(to.value);
  return right.value === wanted;
}

function says(match: Look, packet: Packet): Fit {
  const left = match.at("left");
  const right = match.at("right");
  const field = left.text("payload", "field");
  const layer = left.text("payload", "protocol");
  const meta = left.text("meta", "key");
  if (field === "dport")
    return yesNo((layer === packet.protocol || layer === "th") && holds(right, packet.port));
  if (meta === "l4proto" || (layer === "ip" && field === "protocol"))
    return yesNo(holds(right, packet.protocol));
  if (meta === "nfproto") return yesNo(holds(right, "ipv4"));
  if (layer === "ip" && field === "daddr" && right.text() === "" && !right.has("prefix"))
    return "maybe";
  if (layer === "ip" && field === "daddr" && !right.has("prefix"))
    return yesNo(holds(right, packet.address));
  if (meta === "iifname" || meta === "iif")
    return holds(right, "lo") ? yesNo(packet.loopback) : packet.loopback ? "no" : "maybe";
  if (left.text("ct", "key") === "state") return yesNo(holds(right, "new"));
  if (layer === "ip6" || layer === "icmp" || layer === "icmpv6") return "no";
  return "maybe";
}

/** Statements that decide nothing. */
const SILENT = ["counter", "log", "comment"];

function fit(expressions: readonly Look[], packet: Packet): Fit {
  return allFit(
    expressions.map((it) => {
      const match = it.at("match");
      if (match.has()) {
        const said = says(match, packet);
        return match.text("op") === "!=" && said !== "maybe" ? yesNo(said === "no") : said;
      }
      const [kind = ""] = it.entries().map(([key]) => key);
      return SILENT.includes(kind) || kind in verdicts ? "yes" : "maybe";
    }),
  );
}

const verdicts: Readonly<Record<string, Verdict["kind"]>> = {
  accept: "accept",
  drop: "drop",
  reject: "drop",
  return: "return",
  jump: "jump",
  goto: "goto",
};

function verdict(expressions: readonly Look[], chainOf: (name: string) => string): Verdict {
  for (const it of expressions)
    for (const [key, value] of it.entries()) {
      const kind = verdicts[key];
      if (kind === "jump" || kind === "goto") return { kind, chain: chainOf(value.text("target")) };
      if (kind !== undefined) return { kind };
    }
  return { kind: "none" };
}

/** A chain's name, told from those of other tables. */
const named = (it: Look, name: string) => `${it.text("family")} ${it.text("table")} ${name}`;

/** The ruleset in the output of `nft --json list ruleset`. */
export function parseNft(text: string): Ruleset {
  const items = look(JSON.parse(text)).list("nftables");
  const ofFamily = (kind: string) =>
    items
      .filter((it) => it.has(kind))
      .map((it) => it.at(kind))
      .filter((it) => FAMILIES.includes(it.text("family")));
  const chains = new Map<string, Rule[]>(
    ofFamily("chain").map((it) => [named(it, it.text("name")), []]),
  );
  for (const it of ofFamily("rule")) {
    const expressions = it.list("expr");
    const chain = named(it, it.text("chain"));
    chains.get(chain)?.push({
      text: `a rule of ${chain} (handle ${it.number("handle")})`,
      fits: (packet) => fit(expressions, packet),
      verdict: verdict(expressions, (name) => named(it, name)),
    });
  }
  const inputs = ofFamily("chain")
    .filter((it) => it.text("hook") === "input" && it.text("type") === "filter")
    .map((it) => ({
      chain: named(it, it.text("name")),
      policy: it.text("policy") === "drop" ? ("drop" as const) : ("accept" as const),
    }));
  return { inputs, chains };
}
