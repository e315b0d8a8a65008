/**
 * What the official docker plugin made, changed, read and deleted, in the order in which it did, done
 * again by the stand-in on the Docker Engine of this machine. It works on the official plugin's states,
 * as it does in a stack that it takes over.
 */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { once } from "node:events";
import { createServer } from "node:net";
import { connectEngine } from "../../machine/dockerEngine.ts";
import { look } from "../../machine/look.ts";
import { dockerKinds } from "../../registry-only/docker/dockerKinds.ts";
import { objectAt, recorded, substance, textAt } from "../support/recording.ts";
import type { JsonObject, PlacedRow } from "../support/recording.ts";
import { replay } from "../support/replay.ts";
import type { Replay } from "../support/replay.ts";
import { makeTinyImage, sweep, tinyProgram } from "../support/tinyImage.ts";

const found = tinyProgram();
if (!found && process.env["CI"] === "true")
  throw new Error("no program to make an image of on this platform; CI needs Linux");
const program = found ?? { path: "", sleep: [], hasFile: () => [], fail: () => [] };

const engine = connectEngine();
const prefix = `turnkey-recorded-${process.pid}`;
const image = `${prefix}:1`;

let provider: Replay;
/** Recorded names, ids and ports, and what stands for them on this machine. */
const translations = new Map([
  ["sample-", `${prefix}-`],
  ["livekit/livekit-server:v1.13.5", image],
]);

beforeAll(async () => {
  await makeTinyImage(engine, image, program);
  const imageId = look(await engine.json("GET", `/images/${image}/json`)).text("Id");
  translations
    .set("sha256:5b0b728c61202d7b784e1ef400a1e73cc3fe2e85ae5a930d442bca640e76b871", imageId)
    .set("17880", await freePort())
    .set("17882", await freePort());
  const kinds = dockerKinds(engine);
  provider = await replay({ name: "docker", version: "5.2.0", bridge: "sdk2", kinds });
}, 60_000);
afterAll(async () => {
  provider.close();
  const names = ["lk", "cnet", "vol", "net", "net2"].map((it) => `${prefix}-${it}`);
  await sweep(engine, names, image);
}, 60_000);

async function freePort(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" ? String(address?.port) : "";
}

/** Recorded JSON as it reads on this machine. */
function here(json: JsonObject): JsonObject {
  const text = [...translations].reduce(
    (it, [there, ours]) => it.replaceAll(there, ours),
    JSON.stringify(json),
  );
  const translated: JsonObject = JSON.parse(text);
  return translated;
}

/** Addresses differ between machines, and the recorded image had a program of its own. */
const ownToAMachine = [
  "networkDatas",
  "ipamConfigs",
  "mountpoint",
  "entrypoints",
  "command",
  "exitCode",
];
const comparable = (answer: JsonObject) =>
  substance({
    ...answer,
    properties: Object.fromEntries(
      Object.entries(objectAt(answer, "properties")).filter(([it]) => !ownToAMachine.includes(it)),
    ),
  });

/** The call on this machine; a container runs this image's program. */
function requestHere({ method, request }: PlacedRow): JsonObject {
  const ours = here(request);
  if (method !== "Create" || request["type"] !== "docker:index/container:Container") return ours;
  return { ...ours, properties: { ...objectAt(ours, "properties"), entrypoints: program.sleep } };
}

/** What was done behind Pulumi's back before a run. */
const behindItsBack: {
  readonly [run: string]: readonly [method: "POST" | "DELETE", path: string];
} = {
  "container.stopped-refresh": ["POST", `/containers/${prefix}-lk/stop?t=0`],
  "container.rm-refresh": ["DELETE", `/containers/${prefix}-lk?force=true`],
  "random-network.refresh": ["DELETE", `/networks/${prefix}-net2`],
};

const isReal = ({ method, request }: PlacedRow) =>
  ["Create", "Read", "Update", "Delete"].includes(method) && request["preview"] !== true;

const inOrder = [
  ..."up noop refresh0 noop2 swap upd updrefresh stopped-refresh stopped-up rm-refresh rm-up"
    .split(" ")
    .map((it) => `container.${it}`),
  ..."up refresh0 replace replace2 refresh mend destroy"
    .split(" ")
    .map((it) => `random-network.${it}`),
];
const rows = recorded("docker", ...inOrder).filter(isReal);

test("the order names every recorded run in which something was really done", () => {
  const runs = new Set(
    recorded("docker")
      .filter(isReal)
      .map(({ run }) => run),
  );
  expect(new Set(inOrder)).toEqual(runs);
});

(found ? describe : describe.skip)("the stand-in does as the official docker plugin did", () => {
  const begun = new Set<string>();

  test.each(rows)("$method $request.type in $run, row $index", async (row) => {
    const change = begun.has(row.run) ? undefined : behindItsBack[row.run];
    begun.add(row.run);
    if (change) await engine.json(...change);

    const answer = await provider.call(row.method, requestHere(row));
    if (row.method === "Create") translations.set(textAt(row.response, "id"), textAt(answer, "id"));
    expect(comparable(answer)).toEqual(comparable(here(row.response)));
  });
});
