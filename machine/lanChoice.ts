/**
 * The choice that a stack serves the LAN: kept in a file beside the local CA, so that it is this user's
 * on this machine, and read by the program, so that a bare `pulumi up` keeps it.
 */
import { join } from "node:path";
import * as z from "zod";
import { dataFolder } from "./folders.ts";
import { LanError } from "./lanError.ts";
import { readIfThere } from "./readIfThere.ts";

/** The address to serve: `automatic` is the machine's one on the LAN, whichever that is at the time. */
export const LanChoice = z.strictObject({ address: z.union([z.literal("automatic"), z.ipv4()]) });
export type LanChoice = z.infer<typeof LanChoice>;

/** Holds the choices of all stacks. */
export const lanChoiceFolder = (folder = dataFolder()) => join(folder, "lan");

/** The choice of a stack, JSON; without the file it does not serve the LAN. */
export const lanChoiceFile = (stack: string, folder = dataFolder()) =>
  join(lanChoiceFolder(folder), `${stack}.json`);

/** The stack's choice, undefined when it does not serve the LAN. Throws a LanError when the file holds none. */
export function readLanChoice(stack: string, folder = dataFolder()): LanChoice | undefined {
  const file = lanChoiceFile(stack, folder);
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  try {
    return LanChoice.parse(JSON.parse(text));
  } catch (cause) {
    throw new LanError(
      `${file} is ${JSON.stringify(text)}; wanted is {"address": "automatic"} or an IPv4 address`,
      ["choose again: npm run up -- --lan, or --no-lan"],
      { cause },
    );
  }
}
