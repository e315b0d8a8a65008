import { expect, test } from "@jest/globals";
import { containerFindings, containers } from "../../../scripts/doctor/checks/containers.ts";
import { engineAnswer, fakeEngine } from "../../support/fakeEngine.ts";
import { contextWith } from "./context.ts";

const well = {
  status: "running",
  health: "healthy",
  restarts: 0,
  outOfMemory: false,
  exitCode: 0,
  imageId: "sha256:a",
  startedAt: new Date("2026-11-22T00:00:00Z"),
};
const asked = {
  stack: "dev",
  service: "livekit",
  container: "turnkey-dev-livekit",
  planned: { name: "livekit:1", id: "sha256:a" },
  now: new Date("2026-11-22T00:59:00Z"),
};

test.each<[string, Partial<typeof well>, string[], string]>([
  ["runs and is healthy", {}, ["ok"], "turnkey-dev-livekit runs, healthy"],
  [
    "is stopped",
    { status: "exited", exitCode: 137 },
    ["problem"],
    "does not run: it is exited (exit code 137)",
  ],
  [
    "ends again and again",
    { status: "restarting", restarts: 7 },
    ["problem"],
    "ends again and again (7 restarts, exit code 0)",
  ],
  [
    "is between two of many restarts",
    { health: "starting", restarts: 4 },
    ["problem"],
    "ends again and again (4 restarts",
  ],
  ["is paused", { status: "paused" }, ["problem"], "it is paused"],
  ["is not healthy", { health: "unhealthy" }, ["problem"], "runs and is not healthy"],
  ["is starting", { health: "starting" }, ["warning"], "is starting"],
  ["restarted once", { restarts: 1 }, ["warning"], "restarted once by itself"],
  [
    "restarted, and has run for more than an hour since",
    { restarts: 9, startedAt: new Date("2026-11-21T23:58:00Z") },
    ["ok"],
    "runs, healthy",
  ],
  [
    "ran out of memory",
    { status: "exited", outOfMemory: true },
    ["problem", "problem"],
    "ran out of memory",
  ],
  ["has another image", { imageId: "sha256:b" }, ["warning"], "runs another image than livekit:1"],
])("a container that %s", (_what, state, levels, text) => {
  const findings = containerFindings({ ...asked, state: { ...well, ...state } });
  expect(findings.map(({ level }) => level)).toEqual(levels);
  expect(findings.map((it) => it.text).join("\n")).toContain(text);
});

test("a container that is gone is a problem that npm run up mends", () => {
  expect(containerFindings({ ...asked, state: undefined })).toEqual([
    { level: "problem", text: "turnkey-dev-livekit is gone", mend: "npm run up" },
  ]);
});

test("every container of the outputs is asked about", async () => {
  const engine = fakeEngine({
    "GET /containers/one/json": { State: { Status: "running", Health: { Status: "healthy" } } },
    "GET /containers/two/json": engineAnswer(404, "no such container"),
  });
  const findings = await containers.run(
    contextWith({
      engine: async () => engine,
      record: async () => ({
        resources: 2,
        pending: [],
        outputs: {
          apiUrl: "http://127.0.0.1:1",
          livekitUrl: "ws://127.0.0.1:1",
          nodeAddress: "127.0.0.1",
          iceUrls: [],
          ports: [],
          caCertificate: "",
          containers: { livekit: "one", api: "two" },
        },
      }),
    }),
  );
  expect(findings.map(({ text }) => text)).toEqual(["one runs, healthy", "two is gone"]);
});
