/** The secrets of a deployed stack, and the places where none of them may be. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { DockerEngine } from "../../machine/dockerEngine.ts";
import type { EngineObject } from "../../machine/engineObjects.ts";
import { look } from "../../machine/look.ts";
import type { Checkout } from "./checkout.ts";
import { outputsOf } from "./stack.ts";

export interface SecretsPlace {
  readonly engine: DockerEngine;
  readonly checkout: Checkout;
  readonly stack: string;
  readonly passphraseFile: string;
}

/** Every secret by name: what the outputs show, what lies in the services' files and on this machine. */
export async function secretsOf(place: SecretsPlace): Promise<Record<string, string>> {
  const { engine, checkout, stack } = place;
  const { apiJwtSecret = "", verifierKey, roomKey, turnKey } = await outputsOf(checkout, stack);
  const certificate = await fileIn(
    engine,
    `turnkey-${stack}-edge-live-files`,
    "/etc/haproxy-tls/server.pem",
  );
  return {
    apiJwtSecret,
    verifierKey,
    roomKey: roomKey.secret,
    turnKey: turnKey.secret,
    userIdKey: await fileIn(engine, `turnkey-${stack}-api-files`, "/etc/turnkey/user-id-key"),
    certificateKey: lastPemBody(certificate),
    localCaKey: lastPemBody(readFileSync(join(checkout.data, "local-ca.pem"), "utf8")),
    passphrase: readFileSync(place.passphraseFile, "utf8").trim(),
  };
}

/** The first line inside the last PEM: its frame is everywhere, and logs may break lines. */
const lastPemBody = (pem: string) => pem.split("-----BEGIN").at(-1)?.split("\n")[1] ?? "";

/** A file of a container, which need not run: the engine gives it as a tar archive of one entry. */
async function fileIn(engine: DockerEngine, container: string, path: string): Promise<string> {
  const tar = await buffer(
    await engine.raw("GET", `/containers/${container}/archive?path=${path}`),
  );
  const size = Number.parseInt(tar.toString("latin1", 124, 135), 8);
  return tar.toString("utf8", 512, 512 + size);
}

/** Layers and histories of the images that containers run, as text. */
export async function imageLayers(
  engine: DockerEngine,
  containers: readonly EngineObject[],
): Promise<string> {
  const images = containers.map(async ({ id }) =>
    look(await engine.json("GET", `/containers/${id}/json`)).text("Image"),
  );
  const names = [...new Set(await Promise.all(images))].map((it) => `names=${it}`).join("&");
  return (await buffer(await engine.raw("GET", `/images/get?${names}`))).toString("latin1");
}

const LOOK_AGAIN_MS = 100;

/** Notes the command line of every process that runs, until it is stopped; each once. */
export function watchArguments(): { stop(): string } {
  const seen = new Set<string>();
  const noteAll = () => {
    for (const pid of readdirSync("/proc").filter((it) => /^\d+$/.test(it))) note(pid);
  };
  const note = (pid: string) => {
    try {
      seen.add(readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "));
    } catch {
      // it ended meanwhile
    }
  };
  const watching = setInterval(noteAll, LOOK_AGAIN_MS);
  return {
    stop: () => {
      clearInterval(watching);
      return [...seen].join("\n");
    },
  };
}
