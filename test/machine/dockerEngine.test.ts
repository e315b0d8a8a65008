import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectionError } from "../../machine/connectionError.ts";
import { connectEngine, older, withQuery } from "../../machine/dockerEngine.ts";
import { isNotFound } from "../../machine/engineError.ts";
import { objectsByLabel, removeObject } from "../../machine/engineObjects.ts";

const folder = mkdtempSync(join(tmpdir(), "turnkey-engine-"));
const url = `unix://${join(folder, "docker.sock")}`;
const endpoint = { url, source: "a test" };

/** What the server does next; `_ping` is answered by itself. */
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: string[];
let version: string | undefined;
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  if (request.url !== "/_ping") return answer(request, response);
  if (version !== undefined) response.setHeader("Api-Version", version);
  response.end("OK");
});
beforeAll(() => new Promise<void>((done) => server.listen(join(folder, "docker.sock"), done)));
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  asked = [];
  version = "1.41";
  answer = (_, response) => void response.end("{}");
});

describe("a call", () => {
  test.each([
    ["an older engine's own version", "1.41", "/v1.41/info"],
    ["1.44 on a newer engine", "1.52", "/v1.44/info"],
  ])("speaks %s, asked for once", async (_, theirs, path) => {
    version = theirs;
    const engine = connectEngine(endpoint);
    await engine.json("GET", "/info");
    await engine.json("GET", "/info");
    expect(asked).toEqual(["GET /_ping", `GET ${path}`, `GET ${path}`]);
  });

  test("sends and reads JSON", async () => {
    answer = (request, response) => void request.pipe(response);
    const body = { a: "ä" };
    expect(await connectEngine(endpoint).json("POST", "/echo", body)).toEqual(body);
  });

  test("reads an empty answer as undefined", async () => {
    answer = (_, response) => void response.writeHead(204).end();
    expect(await connectEngine(endpoint).json("POST", "/start")).toBeUndefined();
  });

  test("fails with the engine's own words, and without the query", async () => {
    answer = (_, response) => void response.writeHead(404).end('{"message":"No such image: a"}');
    const failed = connectEngine(endpoint).json("GET", "/images/a/json?secret=1");
    await expect(failed).rejects.toThrow(/^GET \/images\/a\/json: No such image: a$/);
    expect(isNotFound(await failed.catch((error: unknown) => error))).toBe(true);
  });

  test("does not take another server for an engine", async () => {
    version = undefined;
    await expect(connectEngine(endpoint).json("GET", "/info")).rejects.toThrow(
      /is no Docker Engine - set DOCKER_HOST/,
    );
  });
});

describe("an engine that does not answer is told apart", () => {
  test("no socket", async () => {
    const gone = { ...endpoint, url: `unix://${join(folder, "gone.sock")}` };
    await expect(connectEngine(gone).ping()).rejects.toMatchObject({ kind: "missing" });
  });

  test("a socket where nobody listens", async () => {
    writeFileSync(join(folder, "dead.sock"), "");
    const dead = { ...endpoint, url: `unix://${join(folder, "dead.sock")}` };
    await expect(connectEngine(dead).ping()).rejects.toMatchObject({ kind: "refused" });
  });

  test("an engine that hangs", async () => {
    const silent = createServer(() => undefined);
    const socket = join(folder, "silent.sock");
    await new Promise<void>((done) => silent.listen(socket, done));
    const ping = connectEngine({ ...endpoint, url: `unix://${socket}` }).ping(50);
    await expect(ping).rejects.toThrow(/gave no answer in 50 ms/);
    silent.closeAllConnections();
    silent.close();
  });

  test("a socket this user may not open", () => {
    const error = Object.assign(new Error("connect EACCES"), { code: "EACCES" });
    expect(connectionError(endpoint, error, undefined)).toMatchObject({
      kind: "forbidden",
      mend: expect.stringContaining("docker group"),
    });
  });

  test("an engine that came late is found by the next call", async () => {
    version = undefined;
    const engine = connectEngine(endpoint);
    await expect(engine.json("GET", "/info")).rejects.toThrow();
    version = "1.41";
    expect(await engine.json("GET", "/info")).toEqual({});
  });
});

describe("objects", () => {
  const volume = { kind: "volume", id: "a" } as const;

  test.each([
    ["container", [{ Id: "1", Names: ["/a"], Labels: { k: "v" } }], "1", "a"],
    ["network", [{ Id: "1", Name: "a", Labels: { k: "v" } }], "1", "a"],
    ["volume", { Volumes: [{ Name: "a", Labels: { k: "v" } }] }, "a", "a"],
  ] as const)("a %s is found by its label", async (kind, listing, id, name) => {
    answer = (_, response) => void response.end(JSON.stringify(listing));
    const found = await objectsByLabel(connectEngine(endpoint), kind, "k=v");
    expect(found).toEqual([{ kind, id, name, labels: { k: "v" } }]);
    expect(decodeURIComponent(asked.at(-1) ?? "")).toContain('filters={"label":["k=v"]}');
  });

  test("no list at all is an empty one", async () => {
    answer = (_, response) => void response.end('{"Volumes":null}');
    expect(await objectsByLabel(connectEngine(endpoint), "volume", "k")).toEqual([]);
  });

  test("removing what is gone is fine, removing what is in use is not", async () => {
    answer = (_, response) => void response.writeHead(404).end("{}");
    await expect(removeObject(connectEngine(endpoint), volume)).resolves.toBeUndefined();
    answer = (_, response) => void response.writeHead(409).end('{"message":"volume is in use"}');
    await expect(removeObject(connectEngine(endpoint), volume)).rejects.toThrow("volume is in use");
  });
});

test.each([
  ["1.9", "1.41", "1.9"],
  ["1.41", "1.44", "1.41"],
  ["1.52", "1.44", "1.44"],
])("of %s and %s the older one is %s", (a, b, result) => {
  expect(older(a, b)).toBe(result);
});

test("a query is escaped, and what is undefined is left out", () => {
  expect(withQuery("/a", { b: "c d/e", f: undefined, g: true })).toBe("/a?b=c+d%2Fe&g=true");
  expect(withQuery("/a", { f: undefined })).toBe("/a");
});
