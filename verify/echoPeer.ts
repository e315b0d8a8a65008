import { text } from "node:stream/consumers";
import { connectEngine, type DockerEngine, withQuery } from "../machine/dockerEngine.ts";
import { removeObject } from "../machine/engineObjects.ts";
import { look } from "../machine/look.ts";
import type { StackOutputs } from "../turn/outputs.ts";
import { LOOPBACK } from "../turn/ports.ts";
import { sleep, within } from "./deadline.ts";
import { peerPorts } from "./directPeer.ts";
import { errorCode, LegFailure } from "./findings.ts";
import type { Address } from "./iceUrl.ts";

/** A container that sends every packet back. */
export interface EchoPeer {
  readonly address: Address;
  close(): Promise<void>;
}

/** Not the stack's label: a peer of a killed run ends by itself, and is no part of any stack. */
const LABEL = { "dev.turnkey.verify": "peer" };
/** How long the engine may take. */
export const ECHO_START_MS = 10_000;
const POLL_MS = 20;
/** The process ends by then, and the engine removes the container, even when verify was killed. */
const LIFE_SECONDS = 30;
const MIB = 1_048_576;

/** What runs in the container: binds the first free port and prints it. */
const PROGRAM = `
const { createSocket } = require("node:dgram");
const [host, seconds, ...ports] = process.argv.slice(1);
setTimeout(() => process.exit(), seconds * 1000);
const bind = ([port, ...rest]) => {
  const socket = createSocket("udp4");
  socket.on("error", () => (rest.length > 0 ? bind(rest) : process.exit(1)));
  socket.on("message", (data, { port, address }) => socket.send(data, port, address));
  socket.bind(Number(port), host, () => console.log(String(socket.address().port)));
};
bind(ports);
`;

/**
 * Starts the container in LiveKit's network namespace, from the image the stack's API runs. Rejects
 * with a `LegFailure` when it is not there within 10 s.
 */
export const startEchoPeer = (stack: StackOutputs, outer: AbortSignal): Promise<EchoPeer> => {
  const late = { kind: "peer-container", problem: "it has not started in time" } as const;
  return within(ECHO_START_MS, late, outer, async (signal) => {
    const engine = connectEngine();
    try {
      return await start(engine, stack, signal);
    } catch (error) {
      if (error instanceof LegFailure) throw error;
      const problem = error instanceof Error ? error.message : errorCode(error);
      throw new LegFailure({ kind: "peer-container", problem }, { cause: error });
    }
  });
};

async function start(
  engine: DockerEngine,
  { containers, ports }: StackOutputs,
  signal: AbortSignal,
): Promise<EchoPeer> {
  const { livekit = "", api = "" } = containers;
  const imageOf = look(await engine.json("GET", `/containers/${api}/json`));
  const created = await engine.json("POST", "/containers/create", {
    Image: imageOf.text("Image"),
    Entrypoint: ["node", "-e", PROGRAM],
    Cmd: [LOOPBACK, String(LIFE_SECONDS), ...peerPorts(ports).map(String)],
    User: "65532:65532",
    Labels: LABEL,
    Tty: true, // otherwise the log comes in frames
    HostConfig: {
      NetworkMode: `container:${livekit}`,
      AutoRemove: true,
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges:true"],
      Memory: 128 * MIB,
      PidsLimit: 64,
    },
  });
  const id = look(created).text("Id");
  const close = () => removeObject(engine, { kind: "container", id });
  try {
    await engine.json("POST", `/containers/${id}/start`);
    return { address: { host: LOOPBACK, port: await printedPort(engine, id, signal) }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function printedPort(engine: DockerEngine, id: string, signal: AbortSignal): Promise<number> {
  const path = withQuery(`/containers/${id}/logs`, { stdout: true, stderr: true });
  for (;;) {
    const [, port] = /^(\d+)\s/.exec(await text(await engine.raw("GET", path))) ?? [];
    if (port) return Number(port);
    await sleep(POLL_MS, signal);
  }
}
