/** When a firewall is open to the public. */
import { type AddressRange, parseCidr, sizeOf, subtractRanges } from "./cidr.ts";

/** Not routed on the internet: RFC 1918, 6598 (shared), 3927 (link-local), 1122 (loopback), 4193 (unique local), 4291. */
const NOT_PUBLIC = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "fc00::/7",
  "fe80::/10",
].flatMap((cidr) => parseCidr(cidr) ?? []);

/**
 * The most that is taken for somebody's own network: an IPv4 /8 is the largest block ever given to one
 * organisation, an IPv6 /16 is larger than any given to one. What is wider is the public.
 */
const WIDEST = { 4: 1n << 24n, 6: 1n << 112n } as const;

/** Whether sources, taken together, are the public: a world cut into halves, or with a hole in it, still is. */
export function isPublic(sources: readonly AddressRange[]): boolean {
  const routed = subtractRanges(sources, NOT_PUBLIC);
  return ([4, 6] as const).some(
    (family) => sizeOf(routed.filter((it) => it.family === family)) > WIDEST[family],
  );
}
