/** The image that api/Dockerfile makes, built by this machine's engine and run as a node runs it. */
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { writeBundles } from "../../api/bundle.ts";
import { connectEngine, withQuery } from "../../machine/dockerEngine.ts";
import { removeObject } from "../../machine/engineObjects.ts";
import { readLocalImages } from "../../machine/localImages.ts";
import { look } from "../../machine/look.ts";
import { tarArchive } from "../../machine/tar.ts";
import { nodeImage } from "../../plan/images.ts";
import type { LateName, ServiceFile } from "../../plan/plan.ts";
import { secrets } from "../support/api.ts";
import { inspect } from "../support/containers.ts";
import { issue } from "../support/pki.ts";
import { laptop, prodPlan } from "../support/plans.ts";
import { until } from "../support/until.ts";

const MINUTE_MS = 60_000;
const name = `turnkey-test-${randomBytes(4).toString("hex")}`;
const engine = connectEngine();
let folder: string;

const service = prodPlan({ api: { diagnostics: true } }).services.find((it) => it.name === "api");
if (!service) throw new Error("the plan has no API");

const packed = (path: string, source: string) => ({
  path,
  content: readFileSync(source),
  mode: 0o644,
});

const nanoseconds = (seconds: number) => seconds * 1_000_000_000;

/** Builds as `docker build` does: what the builder gets is the Dockerfile and what it copies. */
async function build(): Promise<void> {
  const { api, diagnosticsPage } = await writeBundles(join(folder, "bundles"));
  const context = tarArchive(
    [
      packed("Dockerfile", "api/Dockerfile"),
      packed("api.mjs", api.path),
      packed("diagnostics-page.json", diagnosticsPage.path),
    ],
    new Date(0),
  );
  const base = nodeImage(undefined, { ...laptop, localImages: readLocalImages() });
  const answer = await engine.raw(
    "POST",
    withQuery("/build", { t: name, buildargs: JSON.stringify({ NODE_IMAGE: base }) }),
    { body: context, contentType: "application/x-tar" },
  );
  const lines = (await text(answer)).split("\n").filter((it) => it.trim() !== "");
  const failure = lines.map((it) => look(JSON.parse(it)).text("error")).find(Boolean);
  if (failure) throw new Error(failure);
}

/** What a file of the service holds on this node. */
async function contentOf(file: ServiceFile): Promise<string> {
  if ("text" in file) return file.text;
  if ("bundle" in file) throw new Error(`${file.path} is no file of a node`);
  const { pem } = await issue({
    subject: "a",
    ip: ["127.0.0.1"],
    notBefore: new Date(Date.now() - MINUTE_MS),
    notAfter: new Date(Date.now() + 60 * MINUTE_MS),
  });
  const late: Partial<Record<LateName, unknown>> = {
    ...secrets,
    signIn: { kind: "jwt", secret: secrets.apiJwtSecret },
    iceSources: [{ kind: "livekit" }],
    verifierKey: "canary-verifier-key-0123456789abcdef",
    certificate: pem,
  };
  const content = late[file.late];
  return typeof content === "string" ? content : JSON.stringify(content);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "turnkey-api-image-"));
  chmodSync(folder, 0o755);
  await build();
  for (const file of service.folders.flatMap((it) => it.files)) {
    const path = join(folder, "files", file.path);
    mkdirSync(dirname(path), { recursive: true });
    // oxlint-disable-next-line no-await-in-loop -- a handful of small files
    writeFileSync(path, await contentOf(file));
  }
  const { entrypoint, command, environment, user, folders, healthCheck: check } = service;
  await engine.json("POST", withQuery("/containers/create", { name }), {
    Image: name,
    Entrypoint: entrypoint,
    Cmd: command,
    Env: Object.entries(environment).map(([key, value]) => `${key}=${value}`),
    User: user,
    Healthcheck: {
      Test: ["CMD", ...check.command],
      Interval: nanoseconds(check.intervalSeconds),
      Timeout: nanoseconds(check.timeoutSeconds),
      Retries: 100,
      StartPeriod: nanoseconds(check.startSeconds),
    },
    Labels: { "turnkey.test": "api-image" },
    Tty: true, // otherwise the log comes in frames
    HostConfig: {
      Binds: folders.map(({ path }) => `${join(folder, "files", path)}:${path}:ro`),
      CapDrop: ["ALL"],
      // The health check asks from inside.
      NetworkMode: "none",
      ReadonlyRootfs: true,
      SecurityOpt: ["no-new-privileges"],
    },
  });
  await engine.json("POST", `/containers/${name}/start`);
}, 3 * MINUTE_MS);

afterAll(async () => {
  await removeObject(engine, { kind: "container", id: name });
  await engine.json("DELETE", withQuery(`/images/${name}`, { force: true }));
  rmSync(folder, { recursive: true, force: true });
});

/** Of the running container; throws with its log once it ended. */
async function health() {
  const state = (await inspect(engine, name)).at("State");
  if (state.text("Status") === "running") return state.text("Health", "Status");
  throw new Error(await text(await engine.raw("GET", `/containers/${name}/logs?stdout=true`)));
}

test(
  "a node's own health check finds the API well: bundle and page are where the plan says",
  async () => {
    await until(async () => ((await health()) === "healthy" ? true : undefined), 2 * MINUTE_MS);
  },
  3 * MINUTE_MS,
);

test("by itself the image runs the server, as a user that owns nothing", async () => {
  const config = look(await engine.json("GET", `/images/${name}/json`)).at("Config");
  expect([...config.texts("Entrypoint"), ...config.texts("Cmd")]).toEqual([
    "node",
    "/app/server.mjs",
  ]);
  expect(config.text("User")).toBe("65532:65532");
});

test("nobody but root can change what it runs", async () => {
  const script = `const fs = require("node:fs");
    for (const name of fs.readdirSync("/app")) {
      const { uid, gid, mode } = fs.statSync("/app/" + name);
      console.log([name, uid, gid, (mode & 0o777).toString(8)].join(" "));
    }`;
  const created = await engine.json("POST", `/containers/${name}/exec`, {
    AttachStdout: true,
    Tty: true,
    Cmd: ["node", "-e", script],
  });
  const id = look(created).text("Id");
  const answer = await engine.raw("POST", `/exec/${id}/start`, {
    body: Buffer.from(JSON.stringify({ Tty: true })),
    contentType: "application/json",
  });
  expect((await text(answer)).trim().split(/\r?\n/)).toEqual([
    "diagnostics-page.json 0 0 644",
    "server.mjs 0 0 644",
  ]);
});
