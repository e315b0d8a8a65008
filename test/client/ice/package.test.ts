/** The package as it would be published: built by tsc, packed by npm, used by others. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { build } from "esbuild";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const BIN = join(ROOT, "node_modules", ".bin");
const MINUTES = 60_000;
/** What the library may weigh, minified and gzipped. */
const MOST_BYTES = 5_000;

let folder = "";
let tarball = "";
let application = "";

/** Runs a program; a failure shows what it printed. */
async function run(file: string, args: readonly string[], cwd: string): Promise<string> {
  const env = { ...process.env, PATH: [BIN, process.env["PATH"]].join(delimiter) };
  try {
    return (await promisify(execFile)(file, args, { cwd, env })).stdout;
  } catch (error) {
    const printed = error instanceof Object && "stdout" in error ? String(error.stdout) : "";
    throw new Error(`${file} ${args.join(" ")}:\n${printed}`, { cause: error });
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "turnkey-ice-"));
  const source = join(folder, "package");
  for (const file of ["package.json", "README.md"])
    cpSync(join(ROOT, "client", file), join(source, file));
  const options = ["--project", "client/tsconfig.build.json", "--outDir", join(source, "dist")];
  await run("tsc", options, ROOT);
  const packed = await run("npm", ["pack", "--silent", "--pack-destination", folder], source);
  tarball = join(folder, packed.trim());
  application = join(folder, "application");
  const installed = join(application, "node_modules", "turnkey-ice");
  mkdirSync(installed, { recursive: true });
  await run("tar", ["-xzf", tarball, "--strip-components=1", "-C", installed], folder);
  writeFileSync(join(application, "package.json"), `{"type": "module"}`);
}, 3 * MINUTES);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("it holds the modules with their types, a readme and nothing else", async () => {
  const listed = (await run("tar", ["-tzf", tarball], folder)).trim().split("\n");
  expect(listed).toEqual(expect.arrayContaining(["package/package.json", "package/README.md"]));
  const rest = listed.filter((it) => !/^package\/(package\.json|README\.md)$/.test(it));
  expect(rest.length).toBeGreaterThan(10);
  expect(rest.filter((it) => !/^package\/dist\/\w+(\.d\.ts|\.js)$/.test(it))).toEqual([]);
  const manifest: object = JSON.parse(readFileSync(join(ROOT, "client", "package.json"), "utf8"));
  expect(manifest).not.toHaveProperty("dependencies");
});

test(
  "publint and arethetypeswrong find nothing",
  async () => {
    await run("publint", ["--strict", tarball], folder);
    await run("attw", ["--profile", "esm-only", tarball], folder);
  },
  2 * MINUTES,
);

test("it is under 5 kB minified and gzipped, and needs nothing", async () => {
  const { outputFiles } = await build({
    stdin: { contents: `export * from "turnkey-ice"`, resolveDir: application },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    logLevel: "silent",
    write: false,
  });
  const bytes = gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
  expect(bytes).toBeGreaterThan(1_000);
  expect(bytes).toBeLessThan(MOST_BYTES);
});

test("Node loads it, and ends although a client waits to ask again", async () => {
  const program = `
    import { createServer } from "node:http";
    import { IceConfigClient } from "turnkey-ice";
    const body = JSON.stringify({
      iceServers: [{ urls: ["stun:a"] }], ttl: 3600, expiresAt: "2030-01-01T00:00:00Z",
    });
    const server = createServer((_, response) => response.end(body)).listen(0, "127.0.0.1", async () => {
      const client = new IceConfigClient({ url: "http://127.0.0.1:" + server.address().port });
      console.log((await client.get()).source);
      server.closeAllConnections();
      server.close();
    });`;
  writeFileSync(join(application, "main.js"), program);
  expect(await run(process.execPath, ["main.js"], application)).toBe("fresh\n");
});

test("in Node what the application's callbacks throw is uncaughtException, and all go on", async () => {
  const program = `
    import { IceConfigClient, keepFresh } from "turnkey-ice";
    const fetch = async () => Response.json({
      iceServers: [{ urls: ["turn:a"], username: "u", credential: "c" }],
      ttl: 3600,
      expiresAt: "2030-01-01T00:00:00Z",
    });
    const client = new IceConfigClient({ url: "https://api.example", fetch });
    const fail = (text) => { throw new Error(text); };
    process.on("uncaughtException", ({ message }) => console.log("uncaught " + message));
    client.subscribe(() => fail("listener"));
    client.subscribe(({ type }) => console.log("told " + type));
    let iceServers = [];
    const connection = Object.assign(new EventTarget(), {
      signalingState: "stable",
      connectionState: "failed",
      localDescription: { sdp: "a=ice-ufrag:u" },
      getConfiguration: () => ({ iceServers }),
      setConfiguration: (configuration) => ({ iceServers } = configuration),
    });
    const restart = () => fail("restart");
    keepFresh(connection, client, { restart, onEvent: ({ type }) => fail(type) });
    await client.get();
    await new Promise(setImmediate);
    client.close();`;
  writeFileSync(join(application, "throwing.js"), program);
  const printed = (await run(process.execPath, ["throwing.js"], application)).trim().split("\n");
  expect(printed).toEqual([
    "uncaught listener",
    "told fresh",
    "uncaught configured",
    "uncaught restart",
  ]);
});

test.each([
  ["a page", ["es2023", "dom"], [], "new RTCPeerConnection()"],
  [
    "Node, which knows no RTCPeerConnection",
    ["es2023"],
    ["node"],
    "null as unknown as PeerConnection",
  ],
])(
  "its types suit a program for %s",
  async (_, lib, types, connection) => {
    const compilerOptions = {
      lib,
      types,
      target: "es2022",
      module: "nodenext",
      strict: true,
      exactOptionalPropertyTypes: true,
      // What is declared for pages is there anyway; for Node, look into our own declarations as well.
      skipLibCheck: types.length === 0,
      noEmit: true,
      typeRoots: [join(ROOT, "node_modules", "@types")],
    };
    writeFileSync(
      join(application, "main.ts"),
      `import { IceConfigClient, keepFresh, type PeerConnection } from "turnkey-ice";
       const client = new IceConfigClient({ url: "https://api.example/ice", fetch });
       const connection = ${connection};
       keepFresh(connection, client, { restart: (it) => it.restartIce() });
       client.subscribe((event) => {
         if (event.type === "failed") console.log(event.reason, event.retryInMs);
       });
       export const stop: () => void = keepFresh(connection, client);`,
    );
    writeFileSync(
      join(application, "tsconfig.json"),
      JSON.stringify({ compilerOptions, files: ["main.ts"] }),
    );
    await run("tsc", ["--project", "."], application);
  },
  2 * MINUTES,
);
