/** Arithmetic on blocks and ranges of IPv4 and IPv6 addresses. */
import { isIPv4, isIPv6 } from "node:net";

export type Family = 4 | 6;

/** Addresses from `first` to `last`, both included, as numbers. */
export interface AddressRange {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

const bitsOf: Readonly<Record<Family, number>> = { 4: 32, 6: 128 };

/** A block in CIDR notation, or one address, as a range; undefined where the text is neither. Host bits are cut off. */
export function parseCidr(text: string): AddressRange | undefined {
  const [address = "", prefix, ...rest] = text.trim().split("/");
  const family = isIPv4(address) ? 4 : isIPv6(address) && !address.includes("%") ? 6 : undefined;
  if (family === undefined || rest.length > 0) return undefined;
  const length = prefix === undefined ? bitsOf[family] : Number(prefix);
  if (prefix !== undefined && !/^\d{1,3}$/.test(prefix)) return undefined;
  if (length > bitsOf[family]) return undefined;
  const size = 1n << BigInt(bitsOf[family] - length);
  const value = family === 4 ? ipv4Value(address) : ipv6Value(address);
  const first = value - (value % size);
  return { family, first, last: first + size - 1n };
}

const ipv4Value = (address: string) =>
  address.split(".").reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);

function ipv6Value(address: string): bigint {
  const [head = [], tail] = address.split("::").map(groupsOf);
  const filled =
    tail === undefined
      ? head
      : [...head, ...Array<bigint>(8 - head.length - tail.length).fill(0n), ...tail];
  return filled.reduce((sum, group) => (sum << 16n) + group, 0n);
}

/** An IPv4 address at the end counts as two groups. */
const groupsOf = (text: string): bigint[] =>
  text === ""
    ? []
    : text.split(":").flatMap((group) => {
        if (!group.includes(".")) return [BigInt(`0x${group}`)];
        const value = ipv4Value(group);
        return [value >> 16n, value & 0xffffn];
      });

/** The same addresses as the fewest ranges, in ascending order, IPv4 first. */
export function mergeRanges(ranges: readonly AddressRange[]): AddressRange[] {
  const sorted = ranges.toSorted(
    (a, b) => a.family - b.family || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0),
  );
  const merged: AddressRange[] = [];
  for (const range of sorted) {
    const before = merged.at(-1);
    if (before?.family === range.family && range.first <= before.last + 1n) {
      const last = before.last > range.last ? before.last : range.last;
      merged.splice(-1, 1, { ...before, last });
    } else merged.push(range);
  }
  return merged;
}

/** The addresses of `ranges` that are in none of `holes`. */
export const subtractRanges = (
  ranges: readonly AddressRange[],
  holes: readonly AddressRange[],
): AddressRange[] =>
  holes.reduce<AddressRange[]>(
    (left, hole) => left.flatMap((range) => without(range, hole)),
    mergeRanges(ranges),
  );

function without(range: AddressRange, hole: AddressRange): AddressRange[] {
  const apart = range.family !== hole.family || hole.last < range.first || range.last < hole.first;
  if (apart) return [range];
  return [
    { ...range, last: hole.first - 1n },
    { ...range, first: hole.last + 1n },
  ].filter(({ first, last }) => first <= last);
}

/** How many addresses ranges hold that do not overlap. */
export const sizeOf = (ranges: readonly AddressRange[]): bigint =>
  ranges.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
