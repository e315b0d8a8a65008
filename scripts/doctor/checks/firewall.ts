/** Whether this machine's packet filter drops what the stack serves, and whether it lets Docker do its part. */
import { existsSync } from "node:fs";
import { isIPv4 } from "node:net";
import type { Plan } from "../../../plan/plan.ts";
import { readIfThere } from "../../../machine/readIfThere.ts";
import { portLabel, type PortRow } from "../../../turn/ports.ts";
import { findProgram } from "../../setup/privilege.ts";
import { CommandFailed, runCommand } from "../../setup/runCommand.ts";
import type { Check, DoctorContext } from "../check.ts";
import { ok, problem, unknown, type Finding } from "../finding.ts";
import { dockerFindings, forwardingFindings } from "../dockerNetwork.ts";
import { droppedBy, type Ruleset } from "../firewallRules.ts";
import { parseIptables } from "../iptablesRules.ts";
import { parseNft } from "../nftRules.ts";
import { commandLines } from "../commandLines.ts";

const isLoopback = (address: string) => address.startsWith("127.");

/** The rows that clients reach through the machine's own filter; published ones pass Docker's chains instead. */
export function filteredRows({ ports, services }: Pick<Plan, "ports" | "services">): PortRow[] {
  const published = new Set(
    services.filter((it) => it.network === "stack").flatMap((it) => it.ports),
  );
  return ports.filter(
    (it) => it.exposure === "public" && it.within === undefined && !published.has(it.name),
  );
}

/** One finding for all rows whose first or last port is dropped. */
export function firewallFindings(
  rulesets: readonly Ruleset[],
  rows: readonly PortRow[],
  address: string,
): Finding[] {
  const dropped = rows.flatMap((row) => {
    const by = [row.from, row.to].flatMap((port) =>
      rulesets.flatMap(
        (it) =>
          droppedBy(it, { protocol: row.protocol, port, address, loopback: isLoopback(address) }) ??
          [],
      ),
    );
    return by[0] === undefined ? [] : [{ row, by: by[0] }];
  });
  if (dropped.length === 0)
    return [ok(`the firewall lets the stack's ports on ${address} through`)];
  const opened = dropped.map(
    ({ row }) => `${row.from}${row.to === row.from ? "" : `:${row.to}`}/${row.protocol}`,
  );
  const told = dropped.map(({ row, by }) => `${portLabel(row)} (${row.name}) by ${by}`);
  return [
    problem(
      `the firewall drops ${told.join(", ")}`,
      existsSync("/etc/ufw/ufw.conf")
        ? opened.map((it) => `sudo ufw allow ${it}`).join("\n")
        : dropped
            .map(
              ({ row }) =>
                `sudo iptables -I INPUT -p ${row.protocol} --dport ${row.from}${row.to === row.from ? "" : `:${row.to}`} -j ACCEPT (or the like in your firewall's own settings)`,
            )
            .join("\n"),
    ),
  ];
}

/** A tool's rules; undefined where the tool is missing. Throws CommandFailed when they may not be read. */
async function rules(
  tool: string,
  args: readonly string[],
  parse: (text: string) => Ruleset,
  signal: AbortSignal,
) {
  const file = findProgram(tool);
  return file === undefined
    ? undefined
    : parse(await runCommand({ file, args }, { report: () => undefined, signal }));
}

/** What iptables makes over nf_tables shows there too, in words that only iptables knows all of. */
const withoutIptables = ({ inputs, chains }: Ruleset): Ruleset => ({
  inputs: inputs.filter(({ chain }) => chain !== "ip filter INPUT"),
  chains,
});

async function filterFindings({ plan, signal }: DoctorContext): Promise<Finding[]> {
  if (process.platform !== "linux")
    return [unknown(`the firewall: not read on ${process.platform}`)];
  const made = await plan();
  try {
    const [iptables, nft] = await Promise.all([
      rules("iptables", ["-S"], parseIptables, signal),
      rules("nft", ["--json", "list", "ruleset"], parseNft, signal),
    ]);
    const rulesets = [iptables, iptables && nft ? withoutIptables(nft) : nft].filter(
      (it) => it !== undefined,
    );
    if (rulesets.length === 0)
      return [unknown("the firewall: neither iptables nor nft is here to ask")];
    if (!isIPv4(made.nodeAddress))
      return [unknown(`the firewall: not judged for ${made.nodeAddress}`)];
    return firewallFindings(rulesets, filteredRows(made), made.nodeAddress);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    return [
      unknown(
        "the firewall's rules are for root alone to read",
        "sudo iptables -S INPUT; sudo nft list ruleset",
      ),
    ];
  }
}

/** A file's text; undefined when it is not there or not for this user. */
function textOf(file: string): string | undefined {
  try {
    return readIfThere(file);
  } catch {
    return undefined;
  }
}

export const firewall: Check = {
  async run(context) {
    return [
      ...(await filterFindings(context)),
      ...dockerFindings(textOf("/etc/docker/daemon.json"), commandLines()),
      ...forwardingFindings(textOf("/proc/sys/net/ipv4/ip_forward")),
    ];
  },
};
