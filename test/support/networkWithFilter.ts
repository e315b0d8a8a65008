/** A network of a test's own, between this machine and a namespace, with a packet filter in the latter. */
import { randomBytes } from "node:crypto";
import { inNamespace, ip } from "./networkTools.ts";

export interface FilteredNetwork {
  readonly namespace: string;
  /** This machine's address there, which is all that the namespace reaches. */
  readonly address: string;
  /** Lets nothing but TCP to one port leave the namespace from now on. */
  onlyTcpTo(port: number): Promise<void>;
  remove(): Promise<void>;
}

/** Makes it; `prefix` are the first three numbers of its addresses, such as `10.28.0`. */
export async function makeFilteredNetwork(prefix: string): Promise<FilteredNetwork> {
  const id = randomBytes(4).toString("hex");
  const namespace = `turnkey-test-${id}`;
  const [here, there] = [`tk-${id}-a`, `tk-${id}-b`];
  const address = `${prefix}.1`;
  await ip("netns", "add", namespace);
  await ip("link", "add", here, "type", "veth", "peer", "name", there, "netns", namespace);
  await ip("address", "add", `${address}/24`, "dev", here);
  await ip("link", "set", here, "up");
  for (const words of [
    ["link", "set", "lo", "up"],
    ["address", "add", `${prefix}.2/24`, "dev", there],
    ["link", "set", there, "up"],
    ["route", "add", "default", "via", address],
  ])
    // oxlint-disable-next-line no-await-in-loop -- each needs what is before it
    await inNamespace(namespace, "ip", ...words);
  return {
    namespace,
    address,
    onlyTcpTo: async (port) => {
      await inNamespace(namespace, "nft", "add table ip turnkey");
      const chain = "{ type filter hook output priority 0; policy drop; }";
      await inNamespace(namespace, "nft", `add chain ip turnkey out ${chain}`);
      for (const rule of ["oifname lo accept", `ip daddr ${address} tcp dport ${port} accept`])
        // oxlint-disable-next-line no-await-in-loop -- in this order
        await inNamespace(namespace, "nft", `add rule ip turnkey out ${rule}`);
    },
    // Takes the pair of interfaces along.
    remove: async () => void (await ip("netns", "delete", namespace)),
  };
}
