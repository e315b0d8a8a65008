/** Whether the names of a deployment lead to its node, as this machine's resolver has them. */
import { lookup } from "node:dns/promises";
import type { WrongName } from "./readyAnswer.ts";

/** The IPv4 addresses of a name; rejects where there is none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** As every program on this machine resolves: DNS and its hosts file. */
export const resolveHere: Resolve = async (name) =>
  (await lookup(name, { all: true, family: 4 })).map(({ address }) => address);

/** Those of the names that do not lead to the address and nowhere else. */
export async function wrongNames(
  names: readonly string[],
  address: string,
  resolve: Resolve = resolveHere,
): Promise<WrongName[]> {
  const looked = await Promise.all(
    names.map(async (name) => ({ name, found: await resolve(name).catch(() => []) })),
  );
  return looked.filter(({ found }) => found.length === 0 || found.some((it) => it !== address));
}
