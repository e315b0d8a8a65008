/** A real LiveKit server in a container of its own, for tests of what we say to it. */
import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { connectEngine, type DockerEngine, withQuery } from "../../machine/dockerEngine.ts";
import { isNotFound } from "../../machine/engineError.ts";
import { removeObject } from "../../machine/engineObjects.ts";
import { readLocalImages } from "../../machine/localImages.ts";
import { look } from "../../machine/look.ts";
import { tarArchive } from "../../machine/tar.ts";
import { livekitImage } from "../../plan/images.ts";
import { laptop } from "./plans.ts";

/** Every container made here carries this label. */
const LABEL = "turnkey.test";
const CONFIG_PATH = "/etc/livekit/livekit.yaml";
const HEALTHY_WITHIN_MS = 15_000;

/** What a test server runs with. */
export interface LivekitInput {
  /** The text of livekit.yaml. */
  readonly yaml: string;
  /** `port` in that text: health is asked there, on 127.0.0.1, which is also the node's address. */
  readonly signallingPort: number;
  /** Contents of further files by absolute path, such as the key file; readable by their owner only. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A running server. `logs` is all it wrote so far. */
export interface RunningLivekit {
  logs(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts LiveKit on the host network and waits until it is healthy. Throws with the server's log when
 * it is not within 15 s, which includes a livekit.yaml that it refuses.
 */
export async function startLivekit({
  yaml,
  signallingPort,
  files = {},
}: LivekitInput): Promise<RunningLivekit> {
  const engine = connectEngine();
  const id = await createContainer(engine);
  const server = {
    logs: async () =>
      text(await engine.raw("GET", `/containers/${id}/logs?stdout=true&stderr=true`)),
    stop: () => removeObject(engine, { kind: "container", id }),
  };
  try {
    const archive = tarArchive(
      Object.entries({ [CONFIG_PATH]: yaml, ...files }).map(([path, content]) => ({
        path,
        content: Buffer.from(content),
        mode: 0o400,
      })),
      new Date(0),
    );
    await engine.raw("PUT", withQuery(`/containers/${id}/archive`, { path: "/" }), {
      body: archive,
      contentType: "application/x-tar",
    });
    await engine.json("POST", `/containers/${id}/start`);
    await becomesHealthy(signallingPort, server);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function createContainer(engine: DockerEngine): Promise<string> {
  const { reference } = livekitImage({}, { ...laptop, localImages: readLocalImages() });
  const create = async () =>
    look(
      await engine.json(
        "POST",
        withQuery("/containers/create", { name: `turnkey-test-${randomBytes(4).toString("hex")}` }),
        {
          Image: reference,
          Entrypoint: ["/livekit-server"],
          Cmd: ["--config", CONFIG_PATH],
          Env: ["NODE_IP=127.0.0.1"],
          Labels: { [LABEL]: "livekit" },
          Tty: true, // otherwise the log comes in frames
          HostConfig: { NetworkMode: "host" },
        },
      ),
    ).text("Id");
  try {
    return await create();
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const pulling = await engine.raw("POST", withQuery("/images/create", { fromImage: reference }));
    await text(pulling); // the image is there when the progress ends
    return create();
  }
}

async function becomesHealthy(port: number, server: RunningLivekit): Promise<void> {
  const deadline = Date.now() + HEALTHY_WITHIN_MS;
  while (Date.now() < deadline) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(50);
  }
  throw new Error(`LiveKit is not healthy on port ${port}; its log:\n${await server.logs()}`);
}

/**
 * Finds `count` ports in a row that are free on 127.0.0.1, TCP and UDP, and returns the first. They
 * lie below the ports Linux gives to outgoing connections (32768 and up).
 */
export async function freePorts(count: number): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const first = 20_000 + Math.floor(Math.random() * 12_000);
    const ports = Array.from({ length: count }, (_, index) => first + index);
    const free = await Promise.all(ports.flatMap((port) => [isFreeTcp(port), isFreeUdp(port)]));
    if (free.every(Boolean)) return first;
  }
  throw new Error(`found no ${count} free ports in a row`);
}

async function isFreeTcp(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

async function isFreeUdp(port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  try {
    socket.bind(port, "127.0.0.1");
    await once(socket, "listening");
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
