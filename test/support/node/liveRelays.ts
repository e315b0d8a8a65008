/** Relays that are held and used while something happens to the node, each packet counted. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import * as z from "zod";
import type { TurnCredential } from "../../../turn/engine.ts";
import { parseIceUrl } from "../../../verify/iceUrl.ts";
import { credentialOf } from "../relayStream.ts";
import { asRoot } from "./asRoot.ts";
import { Metered } from "./meteredRelay.ts";
import { nodeProgram } from "./nodeProgram.ts";
import { CLIENT } from "./places.ts";
import type { Rig } from "./rig.ts";

/** The first line that the program reads; `count` and `stop` are the others, and a report answers each. */
export const LiveRelaysTask = z.strictObject({
  urls: z.array(z.string()),
  ca: z.string(),
  credential: z.strictObject({ username: z.string(), credential: z.string() }),
  /** Where the peer is. */
  address: z.ipv4(),
  packetsPerSecond: z.number().positive(),
});
export type LiveRelaysTask = z.infer<typeof LiveRelaysTask>;

/** By ICE URL. */
export const LiveRelaysReport = z.record(z.string(), Metered);
export type LiveRelaysReport = z.infer<typeof LiveRelaysReport>;

export interface LiveRelays {
  /** What passed so far. */
  counted(): Promise<LiveRelaysReport>;
  /** Sends nothing more, waits for what is under way, and gives the relays back. */
  stop(): Promise<LiveRelaysReport>;
}

export interface LiveRelaysOptions {
  /** Default: all of `relayUrls`. */
  readonly urls?: readonly string[];
  /** Through each relay. Default: 50, as sound has. */
  readonly packetsPerSecond?: number;
  /** Default: one for an hour, as the API mints them, of a user of its own. */
  readonly credential?: TurnCredential;
}

type Reached = Pick<Rig, "internet" | "deployed" | "host" | "trusted">;

/** The URLs at which the deployment has relays, as clients reach them. */
export const relayUrls = ({ deployed, host }: Pick<Reached, "deployed" | "host">): string[] =>
  deployed.outputs.iceUrls
    .map(parseIceUrl)
    .filter(({ relays }) => relays)
    .map((it) => it.text.replace(it.host, host));

/**
 * Opens a relay by each URL, from the client's network to a peer there that sends everything back, and lets
 * numbered packets flow until it is stopped. Throws when one of them cannot be had.
 */
export async function startLiveRelays(
  rig: Reached,
  options: LiveRelaysOptions = {},
): Promise<LiveRelays> {
  const { outputs } = rig.deployed;
  const {
    urls = relayUrls(rig),
    packetsPerSecond = 50,
    credential = credentialOf(outputs, `live-${randomBytes(4).toString("hex")}`),
  } = options;
  const task: LiveRelaysTask = {
    urls: [...urls],
    ca: await rig.trusted(),
    credential,
    address: CLIENT.address,
    packetsPerSecond,
  };
  const program = nodeProgram(join(import.meta.dirname, "liveRelaysMain.ts"));
  const [file = "ip", ...args] = asRoot("ip", "netns", "exec", rig.internet.client, ...program);
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "pipe"] });
  const errors = text(child.stderr);
  const ended = once(child, "close").then(async () => {
    throw new Error(`live relays ended: ${(await errors).trim()}`);
  });
  ended.catch(() => undefined);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ask = async (line: string) => {
    child.stdin.write(`${line}\n`);
    const { value } = await Promise.race([lines.next(), ended]);
    return value === undefined ? ended : LiveRelaysReport.parse(JSON.parse(value));
  };
  await ask(JSON.stringify(task));
  return {
    counted: () => ask("count"),
    stop: async () => {
      const report = await ask("stop");
      await ended.catch(() => undefined);
      return report;
    },
  };
}
