/** Meters of the probes, as nftables: what passes a place of the network, by destination. Pure. */
import * as z from "zod";
import { MARK } from "./forbiddenProbes.ts";

/** A relay's connections come from its own port, and no other socket has one of these. */
const RELAY_PORTS = "50000-60000";

/** Where in the network's code a meter stands. */
export type Hook =
  | "output" // before any rule of the sender's
  | "input" // after every rule of the receiver's
  | "prerouting"; // as the packet comes in

const PRIORITY: Readonly<Record<Hook, number>> = { output: -400, prerouting: -400, input: 400 };

const tableOf = (hook: Hook) => `turnkey_trap_${hook}`;

const sets = (["ip", "ip6"] as const).map((family) => ({
  family,
  name: `seen_${family}`,
  type: family === "ip" ? "ipv4_addr" : "ipv6_addr",
}));

export interface Meter {
  readonly hook: Hook;
  /** Only what came by this interface. */
  readonly from?: string;
  /** Rules behind those that count. */
  readonly further?: readonly string[];
}

/** The table of a namespace's meter, which replaces the one before. */
export function meterRules({ hook, from, further = [] }: Meter): string {
  const only = from === undefined ? "" : `iifname ${from} `;
  const mark = `meta l4proto udp @th,64,64 0x${MARK.toString("hex")}`;
  const opening = `tcp sport ${RELAY_PORTS} tcp flags & (syn | ack) == syn`;
  const lines = sets.flatMap(({ family, name }) =>
    [mark, opening].map(
      (it) =>
        `${only}meta nfproto ${family === "ip" ? "ipv4" : "ipv6"} ${it} update @${name} { meta l4proto . ${family} daddr . th dport counter }`,
    ),
  );
  const table = tableOf(hook);
  return `table inet ${table}
delete table inet ${table}
table inet ${table} {
${sets.map(({ name, type }) => `  set ${name} { type inet_proto . ${type} . inet_service; size 65535; flags dynamic; }`).join("\n")}
  chain seen {
    type filter hook ${hook} priority ${PRIORITY[hook]}; policy accept;
${[...lines, ...further].map((it) => `    ${it}\n`).join("")}  }
}
`;
}

/** The command that prints what a meter saw. */
export const listMeter = ({ hook }: Meter): readonly string[] => [
  "nft",
  "-j",
  "list",
  "table",
  "inet",
  tableOf(hook),
];

/** The commands that make it forget. */
export const forgetMeter = ({ hook }: Meter): readonly (readonly string[])[] =>
  sets.map(({ name }) => ["nft", "flush", "set", "inet", tableOf(hook), name]);

/** Packets to one destination. */
export interface Sighting {
  readonly protocol: string;
  readonly host: string;
  readonly port: number;
  readonly packets: number;
}

const Listed = z.object({
  nftables: z.array(
    z.object({
      set: z
        .object({
          elem: z
            .array(
              z.object({
                elem: z.object({
                  val: z.object({ concat: z.tuple([z.string(), z.string(), z.int()]) }),
                  counter: z.object({ packets: z.int() }),
                }),
              }),
            )
            .default([]),
        })
        .optional(),
    }),
  ),
});

/** Reads what `listMeter` prints. */
export const readMeter = (printed: string): readonly Sighting[] =>
  Listed.parse(JSON.parse(printed)).nftables.flatMap(({ set }) =>
    (set?.elem ?? []).map(({ elem }) => {
      const [protocol, host, port] = elem.val.concat;
      return { protocol, host, port, packets: elem.counter.packets };
    }),
  );
