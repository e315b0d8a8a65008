/** Which of a machine's addresses its LAN reaches it at. */
import { blockOf, cidrHolds } from "../plan/ipv4Block.ts";
import { isSpecialIpv4 } from "../plan/peerPolicy.ts";
import type { LanChoice } from "./lanChoice.ts";
import { LanError } from "./lanError.ts";
import type { LocalAddress, NetworkHere } from "./networkHere.ts";

/** Where a stack serves the LAN. */
export interface Lan {
  readonly address: string;
  /** The network that the address belongs to, as a CIDR. */
  readonly subnet: string;
}

/**
 * Networks between this machine and what runs on it, and tunnels: of Docker, Podman, LXC, libvirt,
 * Kubernetes, VirtualBox, VMware, Hyper-V with WSL, and of VPNs. No phone is on them.
 */
const VIRTUAL =
  /^(?:docker|podman|cni|flannel|cali|veth|vnet|virbr|lxcbr|lxdbr|vmnet|vboxnet|tun|tap|utun|wg|ppp|ipsec|zt|tailscale|nordlynx)[\w-]*$|^br-[0-9a-f]{12}$|^bridge1\d\d$|vEthernet|VirtualBox|VMware|Tailscale|ZeroTier|WireGuard/;

/** Loopback and link-local (RFC 3927), where the metadata services of clouds are: neither is a LAN to serve. */
const UNSERVABLE = ["127.0.0.0/8", "169.254.0.0/16"];
/** Addresses that carriers share (RFC 6598), and VPNs made of them. */
const CARRIER = "100.64.0.0/10";

/** The private networks (RFC 1918) as homes and offices use them, most usual first: for when no default route tells. */
const USUAL = ["192.168.0.0/16", "10.0.0.0/8", "172.16.0.0/12"];

const isServable = ({ address }: LocalAddress) =>
  !UNSERVABLE.some((cidr) => cidrHolds(cidr, address));

const isLikely = ({ interfaceName, address }: LocalAddress) =>
  !VIRTUAL.test(interfaceName) && isSpecialIpv4(address) && !cidrHolds(CARRIER, address);

function rank({ address }: LocalAddress): number {
  const found = USUAL.findIndex((cidr) => cidrHolds(cidr, address));
  return found < 0 ? USUAL.length : found;
}

/**
 * The address of the choice, with its network. Of several the automatic choice takes the one on the
 * interface of the default route, and never a public one. Throws a LanError that lists the addresses there
 * are when none will do, or when the one that was named is not here.
 */
export function lanAddress(
  { address }: LanChoice,
  { addresses, defaultInterface }: NetworkHere,
): Lan {
  const servable = addresses.filter(isServable);
  const found =
    address === "automatic"
      ? bestOf(servable.filter(isLikely), defaultInterface)
      : servable.find((it) => it.address === address);
  if (!found) throw noAddress(address, servable);
  return { address: found.address, subnet: blockOf(found.address, found.prefixLength) };
}

const bestOf = (candidates: readonly LocalAddress[], defaultInterface: string | undefined) =>
  candidates.find((it) => it.interfaceName === defaultInterface) ??
  candidates.toSorted((one, other) => rank(one) - rank(other))[0];

function noAddress(wanted: string, servable: readonly LocalAddress[]): LanError {
  const listed = servable.map((it) => `${it.address} (${it.interfaceName})`).join(", ");
  const here = listed ? `it has ${listed}` : "it has none but its own loopback";
  const what =
    wanted === "automatic"
      ? `this machine has no address that is plainly one on a LAN: ${here}`
      : `the address to serve the LAN at, ${wanted}, is not one of this machine: ${here}`;
  const first = servable.find((it) => !VIRTUAL.test(it.interfaceName)) ?? servable[0];
  return new LanError(what, [
    ...(first ? [`name the one your phone can reach: npm run up -- --lan=${first.address}`] : []),
    wanted === "automatic"
      ? "join a network, then run the same command again"
      : "or take the one it has on the LAN, whichever it is: npm run up -- --lan",
    "or end serving the LAN: npm run up -- --no-lan",
  ]);
}
