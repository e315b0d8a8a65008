/** A packet to every port of the node, and what came of each: seen as it comes in, and by what is answered. */
import * as z from "zod";
import { inNamespace } from "../networkTools.ts";
import { CLIENT } from "./places.ts";
import { loadRules } from "./trap.ts";

/** Ports that the scan sends from; nothing else does. */
const FROM = { tcp: 7_777, udp: 7_778 } as const;
const TABLE = "turnkey_scan";

/** One SYN and one STUN Binding request to each port, with pauses, as a queue is short. */
const PROGRAM = `
import socket, struct, sys, time
target, source = sys.argv[1:3]
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind((source, ${FROM.udp}))
binding = struct.pack("!HHI12s", 1, 0, 0x2112A442, b"turnkey-scan")
pseudo = socket.inet_aton(source) + socket.inet_aton(target) + struct.pack("!BBH", 0, 6, 20)
def syn(port, checksum=0):
    return struct.pack("!HHIIBBHHH", ${FROM.tcp}, port, port, 0, 5 << 4, 2, 1024, checksum, 0)
for port in range(1, 65536):
    total = sum(struct.unpack("!16H", pseudo + syn(port)))
    total = (total & 0xFFFF) + (total >> 16)
    total = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
    raw.sendto(syn(port, total), (target, 0))
    udp.sendto(binding, (target, port))
    if port % 128 == 0:
        time.sleep(0.01)
time.sleep(5)  # an answer may take its time on a busy machine
`;

const meter = (rules: readonly string[]) => `table inet ${TABLE}
delete table inet ${TABLE}
table inet ${TABLE} {
  set seen { type inet_proto . inet_service; size 131072; flags dynamic; }
  chain seen {
    type filter hook prerouting priority -400; policy accept;
${rules.map((it) => `    ${it}\n`).join("")}  }
}
`;

const Listed = z.object({
  nftables: z.array(
    z.object({
      set: z
        .object({
          elem: z.array(z.object({ concat: z.tuple([z.string(), z.int()]) })).default([]),
        })
        .optional(),
    }),
  ),
});

/** Ports that were seen, as ranges: `tcp 80`, `udp 50000-60000`. */
async function seenIn(namespace: string): Promise<string[]> {
  const command = ["nft", "-j", "list", "set", "inet", TABLE, "seen"];
  const { nftables } = Listed.parse(JSON.parse(await inNamespace(namespace, ...command)));
  const ports = nftables.flatMap(({ set }) => (set?.elem ?? []).map(({ concat }) => concat));
  return (["tcp", "udp"] as const).flatMap((protocol) =>
    ranges(ports.flatMap(([it, port]) => (it === protocol ? [port] : []))).map(
      (it) => `${protocol} ${it}`,
    ),
  );
}

/** `[1, 2, 3, 7]` as `["1-3", "7"]`. */
function ranges(ports: readonly number[]): string[] {
  const found: { from: number; to: number }[] = [];
  for (const port of ports.toSorted((a, b) => a - b)) {
    const last = found.at(-1);
    if (last && last.to + 1 === port) last.to = port;
    else found.push({ from: port, to: port });
  }
  return found.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`));
}

/** Ports as ranges, such as `tcp 80` and `udp 50000-60000`. */
export interface Scanned {
  /** Ports that the scan's packets came in for, at the node. */
  readonly arrived: readonly string[];
  /** Ports that answered: to open a connection, or with a packet. */
  readonly answered: readonly string[];
}

/** Scans an address from the client's namespace; takes some seconds. */
export async function scan(
  target: string,
  { client, node }: { readonly client: string; readonly node: string },
): Promise<Scanned> {
  const seen = "update @seen { meta l4proto . th";
  const from = Object.entries(FROM).map(
    ([protocol, port]) => `ip saddr ${CLIENT.address} ${protocol} sport ${port}`,
  );
  await loadRules(node, meter(from.map((it) => `${it} ${seen} dport }`)));
  await loadRules(
    client,
    meter([
      `tcp dport ${FROM.tcp} tcp flags & (syn | ack) == (syn | ack) ${seen} sport }`,
      `udp dport ${FROM.udp} ${seen} sport }`,
    ]),
  );
  await inNamespace(client, "python3", "-c", PROGRAM, target, CLIENT.address);
  return { arrived: await seenIn(node), answered: await seenIn(client) };
}
