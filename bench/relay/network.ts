/** Networks of the benchmark's own: clients, the servers' machine, which forwards as well, and peers, a namespace each. */
import { randomBytes } from "node:crypto";
import type { Keeper } from "../../test/support/node/keeper.ts";
import { inTurn, makeNamespace } from "../../test/support/node/namespaces.ts";
import { CLIENT, PEER, SERVER } from "./places.ts";

/** Names of the namespaces. */
export interface Network {
  readonly client: string;
  readonly turn: string;
  readonly peer: string;
}

/** Makes them. What still runs in them is killed when the keeper undoes it. */
export async function makeNetwork(keeper: Keeper): Promise<Network> {
  const id = randomBytes(3).toString("hex");
  const make = async (role: string) => {
    const name = `turnkey-bench-${role}-${id}`;
    await makeNamespace(name, keeper);
    return name;
  };
  const network = {
    client: await make("client"),
    turn: await make("turn"),
    peer: await make("peer"),
  };
  await inTurn(
    network.turn,
    "sysctl -qw net.ipv4.ip_forward=1",
    ...Object.values(SERVER).map((it) => `ip address add ${it}/32 dev lo`),
  );
  for (const [role, { address, gateway }] of [
    ["client", CLIENT],
    ["peer", PEER],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop -- two quick ones
    await inTurn(
      network.turn,
      `ip link add ${role} type veth peer name eth0 netns ${network[role]}`,
      `ip address add ${gateway}/24 dev ${role}`,
      `ip link set ${role} up`,
    );
    // oxlint-disable-next-line no-await-in-loop -- the same
    await inTurn(
      network[role],
      `ip address add ${address}/24 dev eth0`,
      "ip link set eth0 up",
      `ip route add default via ${gateway}`,
    );
  }
  return network;
}
