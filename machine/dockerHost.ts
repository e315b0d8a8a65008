/** Where the Docker Engine is: the answer the docker CLI would find, for the kinds of address spoken here. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { EngineError } from "./engineError.ts";
import { look } from "./look.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The engine's address and what named it. */
export interface DockerEndpoint {
  /** `unix://`, `npipe://` or `tcp://host:port`; fit for DOCKER_HOST. */
  readonly url: string;
  /** For messages: `DOCKER_HOST`, `docker context "x"` or `the platform's default`. */
  readonly source: string;
}

const wanted = "unix://, npipe:// or tcp:// without TLS";

/**
 * The engine as the docker CLI finds it: `DOCKER_HOST`, else the context that `DOCKER_CONTEXT` or
 * `currentContext` of the CLI's config.json names, else the platform's default socket.
 * Throws an EngineError of kind `endpoint` for ssh://, TLS, and contexts that do not exist.
 */
export function dockerEndpoint(
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): DockerEndpoint {
  const host = env["DOCKER_HOST"]?.trim();
  if (host) return usable(host, "DOCKER_HOST", Boolean(env["DOCKER_TLS_VERIFY"]));
  const folder = env["DOCKER_CONFIG"] || join(home(env), ".docker");
  const named = env["DOCKER_CONTEXT"];
  const context = named || currentContext(folder);
  if (context && context !== "default")
    return fromContext(folder, context, named ? "DOCKER_CONTEXT" : join(folder, "config.json"));
  const url =
    platform === "win32" ? "npipe:////./pipe/docker_engine" : "unix:///var/run/docker.sock";
  return { url, source: "the platform's default" };
}

const home = (env: Environment) => env["HOME"] || env["USERPROFILE"] || homedir();

function currentContext(folder: string): string {
  const config = readJson(join(folder, "config.json"));
  return look(config).text("currentContext");
}

/** A context's metadata lies under the SHA-256 of its name (docker/cli, cli/context/store). */
function fromContext(folder: string, name: string, key: string): DockerEndpoint {
  const id = createHash("sha256").update(name).digest("hex");
  const file = join(folder, "contexts", "meta", id, "meta.json");
  const docker = look(readJson(file)).at("Endpoints", "docker");
  const url = docker.text("Host");
  if (!url)
    throw new EngineError(
      "endpoint",
      `${key} names the docker context "${name}", which ${file} does not describe`,
      "choose one that `docker context ls` lists with `docker context use NAME`, or set DOCKER_HOST",
    );
  return usable(url, `docker context "${name}"`, false);
}

function usable(given: string, source: string, tls: boolean): DockerEndpoint {
  const url = given.includes("://") ? given : `tcp://${given}`;
  const scheme = url.slice(0, url.indexOf("://"));
  if (tls && scheme === "tcp")
    throw unusable(given, source, "unset DOCKER_TLS_VERIFY, or forward the engine's socket by ssh");
  if (scheme === "unix" || scheme === "npipe" || scheme === "tcp") return { url, source };
  throw unusable(
    given,
    source,
    scheme === "ssh"
      ? "forward the socket (ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST) and set DOCKER_HOST=unix:///tmp/docker.sock"
      : "set DOCKER_HOST to the engine's socket",
  );
}

const unusable = (given: string, source: string, mend: string) =>
  new EngineError("endpoint", `${source} is "${given}"; wanted is ${wanted}`, mend);

/** The file's JSON; undefined when there is no such file. */
function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EngineError(
      "endpoint",
      `${file} holds no JSON`,
      "mend or remove it, or set DOCKER_HOST",
      { cause },
    );
  }
}
