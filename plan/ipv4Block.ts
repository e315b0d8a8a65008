/** Arithmetic on blocks of IPv4 addresses, in CIDR notation. */

/** A block: its first address as a number, and its prefix length. */
interface Block {
  readonly first: number;
  readonly length: number;
}

const size = ({ length }: Block) => 2 ** (32 - length);

function parse(cidr: string): Block {
  const [address = "", length = "32"] = cidr.split("/");
  const first = address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return { first, length: Number(length) };
}

const render = ({ first, length }: Block) =>
  `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".")}/${length}`;

const holds = (outer: Block, inner: Block) =>
  outer.first <= inner.first && inner.first + size(inner) <= outer.first + size(outer);

/** `block` without `hole`, as the fewest blocks: halve it, keep the half without the hole, go on in the other. */
function without(block: Block, hole: Block): Block[] {
  if (holds(hole, block)) return [];
  if (!holds(block, hole)) return [block];
  const half = size(block) / 2;
  const length = block.length + 1;
  return [
    { first: block.first, length },
    { first: block.first + half, length },
  ].flatMap((it) => without(it, hole));
}

/** The block of that prefix length that an address lies in: `192.168.1.5`, 24 gives `192.168.1.0/24`. */
export function blockOf(address: string, length: number): string {
  const it = { first: parse(address).first, length };
  return render({ first: it.first - (it.first % size(it)), length });
}

/** Whether an address, or a whole block, lies in a block. */
export const cidrHolds = (cidr: string, inner: string): boolean => holds(parse(cidr), parse(inner));

/** `cidr` without `hole`, as the fewest CIDRs, in ascending order. */
export const subtractCidr = (cidr: string, hole: string): string[] =>
  without(parse(cidr), parse(hole)).map(render);

/** What two blocks share, as a CIDR. Of two blocks one holds the other, or they share nothing: undefined. */
export function commonCidr(one: string, other: string): string | undefined {
  const [a, b] = [parse(one), parse(other)];
  if (holds(a, b)) return render(b);
  return holds(b, a) ? render(a) : undefined;
}
