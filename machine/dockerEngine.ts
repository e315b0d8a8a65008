/** A client of the Docker Engine's HTTP API (https://docs.docker.com/reference/api/engine/) over node:http. */
import { request, type IncomingMessage, type RequestOptions } from "node:http";
import type { Readable } from "node:stream";
import { dockerEndpoint, type DockerEndpoint } from "./dockerHost.ts";
import { connectionError } from "./connectionError.ts";
import { EngineError } from "./engineError.ts";
import { look } from "./look.ts";

/**
 * The newest API version this client was written for. Engines since 29 refuse clients below 1.44, and
 * older ones get their own version.
 */
const newestVersion = "1.44";

export type Method = "GET" | "HEAD" | "POST" | "PUT" | "DELETE";

/** Beyond method and path: `path` may carry a query, see `withQuery`. */
export interface CallOptions {
  /** Sent as it is. */
  readonly body?: Buffer | Readable;
  readonly contentType?: string;
  /** How long the answer's head may take; no limit by default, as some calls wait for containers. */
  readonly timeoutMs?: number;
}

/** One Docker Engine. Every call throws an EngineError when it fails, also when the engine answers an error. */
export interface DockerEngine {
  readonly endpoint: DockerEndpoint;
  /** Asks for a sign of life and settles the API version; 3 s by default. */
  ping(timeoutMs?: number): Promise<{ apiVersion: string }>;
  /** The decoded answer, undefined when it is empty; `body` is sent as JSON. */
  json(method: Method, path: string, body?: unknown): Promise<unknown>;
  /** The answer as a stream, for progress and logs: read it to its end or destroy it. */
  raw(method: Method, path: string, options?: CallOptions): Promise<IncomingMessage>;
}

/** A client of the engine at that endpoint; nothing is sent before the first call. */
export function connectEngine(endpoint: DockerEndpoint = dockerEndpoint()): DockerEngine {
  let version: Promise<string> | undefined;
  const settled = () => {
    version ??= ping(endpoint, undefined).catch((error: unknown) => {
      version = undefined;
      throw error;
    });
    return version;
  };
  const raw = async (method: Method, path: string, options: CallOptions = {}) =>
    succeeded(
      await send(endpoint, method, `/v${await settled()}${path}`, options),
      `${method} ${path.split("?", 1)[0]}`,
    );
  return {
    endpoint,
    async ping(timeoutMs = 3_000) {
      version = Promise.resolve(await ping(endpoint, timeoutMs));
      return { apiVersion: await version };
    },
    async json(method, path, body) {
      const text = await read(
        body === undefined
          ? await raw(method, path)
          : await raw(method, path, {
              body: Buffer.from(JSON.stringify(body)),
              contentType: "application/json",
            }),
      );
      return text ? JSON.parse(text) : undefined;
    },
    raw,
  };
}

/** A path with its query; undefined values are left out. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const given = new URLSearchParams();
  for (const [key, value] of Object.entries(query))
    if (value !== undefined) given.set(key, String(value));
  return given.size > 0 ? `${path}?${given.toString()}` : path;
}

async function ping(endpoint: DockerEndpoint, timeoutMs: number | undefined): Promise<string> {
  const answer = await send(
    endpoint,
    "GET",
    "/_ping",
    timeoutMs === undefined ? {} : { timeoutMs },
  );
  const theirs = answer.headers["api-version"];
  await read(answer);
  if (typeof theirs !== "string")
    throw new EngineError(
      "unreachable",
      `what answers at ${endpoint.url} (${endpoint.source}) is no Docker Engine`,
      "set DOCKER_HOST to the engine's socket",
    );
  return older(theirs, newestVersion);
}

/** The lower of two versions of the form `1.41`. */
export function older(a: string, b: string): string {
  return minor(a) < minor(b) ? a : b;
}

const minor = (version: string) => Number(version.split(".")[1]);

function send(
  endpoint: DockerEndpoint,
  method: Method,
  path: string,
  { body, contentType, timeoutMs }: CallOptions,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers: Record<string, string | number> = contentType
      ? { "Content-Type": contentType }
      : {};
    if (Buffer.isBuffer(body)) headers["Content-Length"] = body.length;
    const call = request({ ...address(endpoint.url), method, path, headers, agent: false });
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => call.destroy(new Error("ETIMEDOUT")), timeoutMs);
    call.on("response", (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
    call.on("error", (error) => {
      clearTimeout(timer);
      reject(connectionError(endpoint, error, timeoutMs));
    });
    if (body === undefined || Buffer.isBuffer(body)) call.end(body);
    else body.on("error", (error) => call.destroy(error)).pipe(call);
  });
}

/** Where node:http has to connect to. */
function address(url: string): RequestOptions {
  const rest = url.slice(url.indexOf("://") + 3);
  if (url.startsWith("unix://")) return { socketPath: rest, host: "docker" };
  if (url.startsWith("npipe://")) return { socketPath: rest.replaceAll("/", "\\"), host: "docker" };
  const { hostname, port } = new URL(`http://${rest}`);
  return { host: hostname.replace(/^\[|\]$/g, ""), port: port || "2375" };
}

async function succeeded(answer: IncomingMessage, what: string): Promise<IncomingMessage> {
  const status = answer.statusCode ?? 0;
  if (status < 400) return answer;
  const text = await read(answer);
  throw new EngineError("answer", `${what}: ${messageOf(text) || `status ${status}`}`, "", {
    status,
  });
}

function messageOf(text: string): string {
  try {
    return look(JSON.parse(text)).text("message");
  } catch {
    return text.trim();
  }
}

async function read(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
