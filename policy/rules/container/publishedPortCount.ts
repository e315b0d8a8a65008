import * as z from "zod";
import { cisDocker, containerRule } from "./containerRule.ts";

const Config = z.strictObject({
  /** Of one container. */
  mostPublishedPorts: z.int().min(1).default(64),
});

/** Docker runs two processes for each published port, 3 MiB each: 101 ports took 659 MiB (measured). */
export const publishedPortCount = containerRule({
  name: "container-published-port-count",
  description: "A container publishes few ports: each costs two processes of the engine.",
  severity: "low",
  mirrors: [cisDocker("5.9")],
  config: Config,
  reads: ["ports"],
  judges: "running",
  check: ({ ports, inputs }, { mostPublishedPorts }) =>
    ports.length <= mostPublishedPorts
      ? []
      : [
          {
            what: "publishes a range that costs two processes a port",
            seen: `${inputs.ports} holds ${ports.length} ports`,
            mend: `publish at most ${mostPublishedPorts}, or share the network of the machine`,
          },
        ],
});
