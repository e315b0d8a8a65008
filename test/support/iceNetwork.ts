/** A machine that moves: what a change from one network to another is to a browser on it. */
import { inNamespace } from "./networkTools.ts";
import type { FilteredNetwork } from "./networkWithFilter.ts";

/** Gives the namespace another address instead of the one it has: nothing that is bound to that goes on. */
export async function moveWithin({ namespace, address }: FilteredNetwork): Promise<void> {
  const prefix = address.replace(/\.\d+$/, "");
  const shown = await inNamespace(
    namespace,
    "ip",
    "-o",
    "-4",
    "address",
    "show",
    "to",
    `${prefix}.0/24`,
  );
  const link = /^\d+: (\S+?)(?:@\S+)?\s/.exec(shown)?.[1];
  if (link === undefined)
    throw new Error(`the namespace has no address in ${prefix}.0/24: ${shown}`);
  for (const words of [
    ["address", "flush", "dev", link],
    ["address", "add", `${prefix}.77/24`, "dev", link],
    ["route", "add", "default", "via", address],
  ])
    // oxlint-disable-next-line no-await-in-loop -- each needs what is before it
    await inNamespace(namespace, "ip", ...words);
}
