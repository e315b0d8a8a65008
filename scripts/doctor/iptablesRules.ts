/** Reads the rules of `iptables -S` (filter table). */
import {
  allFit,
  type Fit,
  type Packet,
  type Rule,
  type Ruleset,
  type Verdict,
  yesNo,
} from "./firewallRules.ts";

const words = (line: string) =>
  (line.match(/"[^"]*"|\S+/g) ?? []).map((it) => it.replaceAll('"', ""));

/** Ports such as `443`, `7880:7890` or `443,5349`. */
const holdsPort = (list: string, port: number) =>
  list.split(",").some((it) => {
    const [from = "", to = from] = it.split(":");
    return Number(from) <= port && port <= Number(to || 65_535);
  });

/** What each option says of a packet, by its first argument; options not listed leave it open. */
const options: Readonly<Record<string, (value: string, packet: Packet) => Fit>> = {
  "-p": (it, { protocol }) => yesNo(it === protocol || it === "all"),
  "-i": (it, { loopback }) => (it === "lo" ? yesNo(loopback) : loopback ? "no" : "maybe"),
  "-d": (it, { address }) => yesNo(it.replace(/\/32$/, "") === address),
  "--dport": (it, { port }) => yesNo(holdsPort(it, port)),
  "--dports": (it, { port }) => yesNo(holdsPort(it, port)),
  "--ctstate": (it) => yesNo(it.split(",").includes("NEW")),
  "--state": (it) => yesNo(it.split(",").includes("NEW")),
  "--dst-type": (it) => yesNo(it === "LOCAL"),
  "-m": () => "yes",
  "--comment": () => "yes",
};

const verdicts: Readonly<Record<string, Verdict["kind"]>> = {
  ACCEPT: "accept",
  DROP: "drop",
  REJECT: "drop",
  RETURN: "return",
};

function verdict(args: readonly string[], chains: ReadonlySet<string>): Verdict {
  const at = args.findIndex((it) => it === "-j" || it === "-g");
  const target = args[at + 1];
  if (at === -1 || target === undefined) return { kind: "none" };
  if (chains.has(target)) return { kind: args[at] === "-g" ? "goto" : "jump", chain: target };
  const kind = verdicts[target];
  return kind === undefined || kind === "jump" || kind === "goto" ? { kind: "none" } : { kind };
}

function fit(args: readonly string[], packet: Packet): Fit {
  const fits: Fit[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const option = args[at] ?? "";
    if (option === "-j" || option === "-g") break;
    if (!option.startsWith("-")) continue;
    const says = options[option];
    const said = says ? says(args[at + 1] ?? "", packet) : "maybe";
    const negated = args[at - 1] === "!";
    fits.push(negated && said !== "maybe" ? yesNo(said === "no") : said);
  }
  return allFit(fits);
}

/** The ruleset in the output of `iptables -S`. */
export function parseIptables(text: string): Ruleset {
  const lines = text.split("\n").filter((it) => it !== "");
  const names = new Set(lines.flatMap((it) => /^-[NP] (\S+)/.exec(it)?.[1] ?? []));
  const chains = new Map<string, Rule[]>([...names].map((it) => [it, []]));
  for (const line of lines) {
    const [command, chain = "", ...args] = words(line);
    if (command === "-A")
      chains
        .get(chain)
        ?.push({ text: line, fits: (packet) => fit(args, packet), verdict: verdict(args, names) });
  }
  const policy = /^-P INPUT (?:DROP|REJECT)/m.test(text) ? "drop" : "accept";
  return { inputs: [{ chain: "INPUT", policy }], chains };
}
