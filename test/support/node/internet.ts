/** The rig's networks: a client, a router with NAT and security group, and a world of services, a namespace each. */
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PortRow } from "../../../turn/ports.ts";
import { inNamespace, ip } from "../networkTools.ts";
import { asRoot } from "./asRoot.ts";
import type { Keeper } from "./keeper.ts";
import { forgetFlows } from "./forgetFlows.ts";
import { inTurn, makeNamespace, noteNamespace } from "./namespaces.ts";
import { CLIENT, NETWORK, NODE, type Place, WORLD } from "./places.ts";
import { addressRules, type Refused, routerRules, TO_NODE } from "./routerRules.ts";

export interface Internet {
  /** Names of the namespaces. */
  readonly client: string;
  readonly router: string;
  readonly world: string;
  /** Plugs a node in: the process of that id is the first one in it. Its public address is a matter of `assign`. */
  plugNode(pid: number, place: Place): Promise<void>;
  /** Gives the nodes these public addresses in place of others, at once, for what flows already as well. */
  assign(places: readonly Place[]): Promise<void>;
  /** How many packets the security group dropped so far. */
  refused(way: Refused): Promise<number>;
}

/** Makes them, with the security group of a node that has these ports; `folder` is for small files. */
export async function makeInternet(
  ports: readonly PortRow[],
  keeper: Keeper,
  folder: string,
): Promise<Internet> {
  const id = randomBytes(3).toString("hex");
  const make = async (role: string) => {
    const name = `turnkey-${role}-${id}`;
    await makeNamespace(name, keeper);
    return name;
  };
  const [router, client, world] = [await make("router"), await make("client"), await make("world")];
  // Each on a link of its own: what goes from one to another passes the router.
  const plug = async (namespace: string, link: string, address: string, gateway: string) => {
    await inTurn(
      router,
      `ip link add ${link} type veth peer name eth0 netns ${namespace}`,
      `ip address add ${gateway}/24 dev ${link}`,
      `ip link set ${link} up`,
    );
    await joinNetwork(namespace, address, gateway);
  };
  await plug(client, "client", CLIENT.address, CLIENT.gateway);
  await plug(world, "world", WORLD.dns, WORLD.gateway);
  await inTurn(
    world,
    `ip address add ${WORLD.aws}/24 dev eth0`,
    `ip address add ${WORLD.acme}/24 dev eth0`,
  );
  for (const namespace of [client, world]) {
    // oxlint-disable-next-line no-await-in-loop -- two quick ones
    await useResolver(namespace, keeper);
  }
  const rules = join(folder, "router.nft");
  mkdirSync(folder, { recursive: true });
  writeFileSync(rules, routerRules(ports, [NODE]));
  await inTurn(
    router,
    `ip link add ${TO_NODE} type bridge`,
    `ip address add ${NETWORK.gateway}/24 dev ${TO_NODE}`,
    `ip address add ${NETWORK.metadata}/32 dev ${TO_NODE}`,
    `ip address add ${NETWORK.resolver}/32 dev ${TO_NODE}`,
    `ip link set ${TO_NODE} up`,
    "sysctl -qw net.ipv4.ip_forward=1",
    // Where the engine has packets of bridges filtered, one that goes back to the node it is from would be dropped.
    "sysctl -eqw net.bridge.bridge-nf-call-iptables=0",
    // The node's packets to its own public address go back the way they came.
    "sysctl -qw net.ipv4.conf.all.send_redirects=0",
    "sysctl -qw net.ipv4.conf.default.send_redirects=0",
    `nft -f ${rules}`,
  );
  return {
    client,
    router,
    world,
    plugNode: async (pid, place) => {
      const number = place.private.split(".").at(-1);
      const name = `turnkey-node-${id}-${number}`;
      const link = `${TO_NODE}-${number}`;
      // Of a node that lost its power its network is left.
      await inNamespace(router, "ip", "link", "delete", link).catch(() => undefined);
      await ip("netns", "delete", name).catch(() => undefined);
      const node = await nameNamespace(name, pid, keeper);
      await inTurn(
        router,
        `ip link add ${link} type veth peer name eth0 netns ${node}`,
        `ip link set ${link} master ${TO_NODE} up`,
      );
      await joinNetwork(node, place.private, NETWORK.gateway);
    },
    assign: async (places) => {
      await inNamespace(router, "nft", addressRules(places));
      await forgetFlows(router);
    },
    refused: async (way) => {
      const told = await inNamespace(router, "nft", "list", "counter", "ip", "rig", way);
      return Number(/packets (\d+)/.exec(told)?.[1]);
    },
  };
}

const joinNetwork = (namespace: string, address: string, gateway: string) =>
  inTurn(
    namespace,
    `ip address add ${address}/24 dev eth0`,
    "ip link set eth0 up",
    `ip route add default via ${gateway}`,
  );

/** Gives a process's namespace a name, as commands want one. */
async function nameNamespace(name: string, pid: number, keeper: Keeper): Promise<string> {
  noteNamespace(name, keeper);
  await ip("netns", "attach", name, String(pid));
  return name;
}

/** Programs that `ip netns exec` starts find this file in the place of the system's. */
async function useResolver(namespace: string, keeper: Keeper): Promise<void> {
  const folder = `/etc/netns/${namespace}`;
  keeper.note(...asRoot("rm", "-rf", folder));
  const write = `mkdir -p ${folder} && echo nameserver ${WORLD.dns} >${folder}/resolv.conf`;
  await inNamespace(namespace, "sh", "-c", write);
}
