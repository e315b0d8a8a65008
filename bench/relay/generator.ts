/** Runs the generator in the clients' namespace and gives it orders. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { asRoot } from "../../test/support/node/asRoot.ts";
import { generatorFile } from "./buildGenerator.ts";
import type { Credential } from "./credentials.ts";
import type { Network } from "./network.ts";
import { GENERATOR_CORE, PEER, SERVER_CORE } from "./places.ts";

/** What is measured: a relay, or `direct` the path without one. */
export type Target =
  | { readonly transport: "direct" }
  | {
      readonly transport: "udp" | "tls";
      /** `host:port`. */
      readonly address: string;
      /** The name in its certificate, and the PEM that vouches for it. */
      readonly name: string;
      readonly ca: string;
      readonly credentials: readonly Credential[];
    };

const Sent = z.strictObject({
  /** Packets that were due, that were sent, and that arrived in time. */
  offered: z.int(),
  sent: z.int(),
  received: z.int(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  /** Shares of the time in which the servers' processor and the generator's had nothing to do. */
  serverIdle: z.number(),
  generatorIdle: z.number(),
});
export type Sent = z.infer<typeof Sent>;

const Churned = z.strictObject({
  perSecond: z.number(),
  failures: z.int(),
  /** What the first of them said. */
  failure: z.string(),
  /** From nothing to a relay address that lets a peer in. */
  p50Ms: z.number(),
  p95Ms: z.number(),
});
export type Churned = z.infer<typeof Churned>;

const Nothing = z.strictObject({});

/** What is sent through the flows that are open. */
export interface Load {
  readonly packetsPerSecond: number;
  /** Packets of one client that are sent together. */
  readonly burst: number;
  readonly seconds: number;
  /** What comes later than this after the last packet was due does not count. */
  readonly graceMs: number;
}

/** Takes one order at a time. Each throws what the generator said when it ends. */
export interface Generator {
  /** Opens clients with a peer each; once. */
  open(flows: number): Promise<void>;
  /** Sends packets of 960 bytes through all of them, both ways. */
  send(load: Load): Promise<Sent>;
  /** As many clients open an allocation and give it back, again and again. */
  churn(load: { clients: number; seconds: number }): Promise<Churned>;
  /** Opens allocations and keeps them. */
  hold(allocations: number): Promise<void>;
  /** Ends it, and its connections. */
  end(): Promise<void>;
}

/** Starts it on its core. */
export function startGenerator({ client, peer }: Network, target: Target): Generator {
  const pinned = ["taskset", "-c", `${GENERATOR_CORE}`, generatorFile()];
  const [file = "ip", ...args] = asRoot("ip", "netns", "exec", client, ...pinned);
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "pipe"] });
  const ended = once(child, "exit");
  const said = text(child.stderr);
  // Its end is told by what it said.
  child.stdin.on("error", () => undefined);
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  const write = (it: object) => child.stdin.write(`${JSON.stringify(it)}\n`);
  write({
    ...target,
    peerAddress: PEER.address,
    peerNamespace: `/run/netns/${peer}`,
    serverCore: SERVER_CORE,
    generatorCore: GENERATOR_CORE,
  });
  const order = async <T>(schema: z.ZodType<T>, it: object): Promise<T> => {
    write(it);
    const { value, done } = await answers.next();
    if (done) throw new Error(`the generator ended: ${(await said).trim()}`);
    return schema.parse(JSON.parse(value));
  };
  return {
    open: async (count) => void (await order(Nothing, { do: "open", count })),
    send: (load) => order(Sent, { do: "send", ...load }),
    churn: ({ clients, seconds }) => order(Churned, { do: "churn", count: clients, seconds }),
    hold: async (count) => void (await order(Nothing, { do: "hold", count })),
    end: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
