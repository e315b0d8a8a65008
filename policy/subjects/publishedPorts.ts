/** Questions about ports that a container engine opens on the machine. */
import { parseCidr } from "../cidr.ts";
import type { PublishedPort } from "./container.ts";
import { known } from "./seen.ts";

/** Whether a port is opened on every interface, however that is written; an address that is not known yet is one. */
export const isEveryAddress = ({ ip }: PublishedPort): boolean =>
  ip === undefined || parseCidr(known(ip) ?? "")?.first === 0n;

/** Whether only processes of the machine reach a port. */
export const isLoopback = ({ ip }: PublishedPort): boolean => {
  const address = known(ip);
  return address !== undefined && (address.startsWith("127.") || address === "::1");
};

/** Ports for a message, runs of them as ranges: `443/tcp, 50100-50119/udp`. */
export function portList(ports: readonly PublishedPort[]): string {
  const runs: { protocol: string; from: number; to: number }[] = [];
  for (const { external, protocol } of ports) {
    const port = known(external);
    const last = runs.at(-1);
    if (port === undefined) continue;
    if (last?.protocol === protocol && last.to + 1 === port) last.to = port;
    else runs.push({ protocol, from: port, to: port });
  }
  const named = runs.map(
    ({ protocol, from, to }) => `${from === to ? from : `${from}-${to}`}/${protocol}`,
  );
  return named.length === 0 ? "of its choice" : named.join(", ");
}
