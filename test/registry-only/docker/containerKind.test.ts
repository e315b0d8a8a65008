import { describe, expect, test } from "@jest/globals";
import type { Clock } from "../../../registry-only/docker/clock.ts";
import { containerKind } from "../../../registry-only/docker/containerKind.ts";
import { decimalCpus } from "../../../registry-only/docker/containerState.ts";
import type { Props } from "../../../registry-only/provider/value.ts";
import { look } from "../../../machine/look.ts";
import { engineAnswer, fakeEngine } from "../../support/fakeEngine.ts";
import type { Answers } from "../../support/fakeEngine.ts";

const running = { Status: "running", Running: true, Health: { Status: "healthy" } };
const inspected = { Id: "c1", Name: "/app", State: running, Config: { Image: "a:1" } };
const answers: Answers = {
  "GET /images/a%3A1/json": { Id: "sha256:1" },
  "POST /containers/create": { Id: "c1" },
  "POST /networks/bridge/disconnect": undefined,
  "POST /networks/net/connect": undefined,
  "PUT /containers/c1/archive": "",
  "POST /containers/c1/start": undefined,
  "POST /containers/c1/stop": undefined,
  "POST /containers/c1/update": {},
  "GET /containers/c1/json": inspected,
  "GET /containers/c1/logs": "",
  "DELETE /containers/c1": undefined,
};
const inputs = { name: "app", image: "a:1", restart: "no", start: true, mustRun: true };

/** A clock on which sleeping takes no time but passes it. */
function fastClock(): Clock {
  let now = 0;
  return { now: () => now, sleep: async (ms) => (now += ms) };
}

const subject = { token: "docker:index/container:Container", name: "app" };

function container(more: Answers = {}) {
  const engine = fakeEngine({ ...answers, ...more });
  return { kind: containerKind(engine, fastClock()), engine };
}

describe("creating a container", () => {
  test("connects, uploads and starts in that order", async () => {
    const { kind, engine } = container();
    const uploads = [{ file: "/a", content: "x" }];
    const networksAdvanced = [{ name: "net", aliases: ["b"] }];
    await kind.create({ ...inputs, uploads, networksAdvanced }, subject);
    expect(engine.calls.map(({ call }) => call)).toEqual([
      "GET /images/a%3A1/json",
      "POST /containers/create?name=app",
      "POST /networks/bridge/disconnect",
      "POST /networks/net/connect",
      "PUT /containers/c1/archive?path=%2F",
      "POST /containers/c1/start",
      "GET /containers/c1/json",
    ]);
  });

  test("hands the inputs to the engine in its own units", async () => {
    const { kind, engine } = container();
    const more = {
      memory: 64,
      memorySwap: -1,
      cpus: "0.5",
      ports: [
        { internal: 80, external: 8080, ip: "127.0.0.1", protocol: "tcp" },
        { internal: 80, external: 8081, ip: "0.0.0.0", protocol: "tcp" },
      ],
      volumes: [{ volumeName: "v", containerPath: "/v", readOnly: true }],
      healthcheck: { tests: ["CMD", "x"], interval: "1m0s", retries: 2 },
    };
    await kind.create({ ...inputs, ...more }, subject);
    const body = look(engine.calls[1]?.body);
    expect(body.at("HostConfig").value).toMatchObject({
      Memory: 64 * 1024 * 1024,
      MemorySwap: -1,
      NanoCpus: 500_000_000,
      Init: false,
      Binds: ["v:/v:ro"],
      PortBindings: {
        "80/tcp": [
          { HostIp: "127.0.0.1", HostPort: "8080" },
          { HostIp: "0.0.0.0", HostPort: "8081" },
        ],
      },
    });
    expect(body.at("Healthcheck").value).toMatchObject({ Interval: 60e9, Timeout: 0, Retries: 2 });
  });

  test.each([
    "POST /networks/net/connect",
    "PUT /containers/c1/archive",
    "POST /containers/c1/start",
  ])("removes the container when %s fails, and tells no uploaded content", async (step) => {
    const { kind, engine } = container({ [step]: engineAnswer(500, "it is broken") });
    const uploads = [{ file: "/a", content: "s3cret" }];
    const made = kind.create({ ...inputs, uploads, networksAdvanced: [{ name: "net" }] }, subject);
    await expect(made).rejects.toThrow(
      'container "app" could not be brought up, and was removed: it is broken',
    );
    await expect(made).rejects.not.toThrow("s3cret");
    expect(engine.calls.at(-1)?.call).toBe("DELETE /containers/c1?force=true&v=true");
  });

  test("waits for health no longer than waitTimeout", async () => {
    const check = { ExitCode: 1, Output: "nothing listens" };
    const State = { ...running, Health: { Status: "starting", Log: [check] } };
    const { kind } = container({ "GET /containers/c1/json": { ...inspected, State } });
    await expect(kind.create({ ...inputs, wait: true, waitTimeout: 60 }, subject)).rejects.toThrow(
      "not healthy within 60 s (starting)\nlast health check (exit code 1): nothing listens",
    );
  });

  test("refuses to wait for a container without a health check", async () => {
    const { kind } = container({
      "GET /containers/c1/json": { ...inspected, State: { Status: "running", Running: true } },
    });
    await expect(kind.create({ ...inputs, wait: true }, subject)).rejects.toThrow(
      /needs a health check/,
    );
  });
});

describe("updating a container in place", () => {
  test.each([
    ["memory", { memory: 128 }, ["POST /containers/c1/update"], {}],
    ["the restart policy", { restart: "always" }, ["POST /containers/c1/update"], {}],
    ["a stopped one that must run", {}, ["POST /containers/c1/start"], { mustRun: false }],
    ["the health check", { healthcheck: { tests: ["NONE"] } }, [], {}],
    ["tmpfs", { tmpfs: { "/tmp": "size=1m" } }, [], {}],
    ["init", { init: true }, [], {}],
    ["the destroy grace", { destroyGraceSeconds: 9 }, [], {}],
  ])("%s asks exactly this of the engine", async (_, news, calls, olds: Props) => {
    const { kind, engine } = container();
    await kind.update?.("c1", { ...inputs, ...olds }, { ...inputs, ...news }, subject);
    expect(engine.calls.map(({ call }) => call)).toEqual(calls);
  });
});

describe("deleting a container", () => {
  const gone = { "GET /containers/c1/json": engineAnswer(404, "No such container: c1") };

  test.each([
    ["at once without a grace, whatever stopTimeout says", { stopTimeout: 30 }, 0],
    ["after the grace", { destroyGraceSeconds: 7 }, 7],
  ])("kills it %s", async (_, outputs, seconds) => {
    const { kind, engine } = container(gone);
    await kind.delete("c1", outputs, subject);
    expect(engine.calls[0]?.call).toBe(`POST /containers/c1/stop?t=${seconds}`);
  });

  test("takes one that is gone or on its way out as deleted", async () => {
    const { kind } = container({
      ...gone,
      "POST /containers/c1/stop": engineAnswer(404, "No such container: c1"),
      "DELETE /containers/c1": engineAnswer(409, "removal of container c1 is already in progress"),
    });
    await expect(kind.delete("c1", {}, subject)).resolves.toBeUndefined();
  });
});

describe("checking a container", () => {
  test.each([
    [{ healthcheck: { interval: "10 s" } }, "healthcheck.interval", "a duration such as 10s"],
    [{ uploads: [{ permissions: "444" }] }, "uploads[0].permissions", "four octal digits"],
    [{ cpus: "half" }, "cpus", "a number such as 0.5"],
  ])("%j is refused with what is wanted", (news, property, wanted) => {
    const { kind } = container();
    expect(kind.check?.(news)).toEqual([{ property, reason: expect.stringContaining(wanted) }]);
  });
});

test.each([
  [0.5, "0.5"],
  [0.25, "0.25"],
  [1, "1.0"],
  [1.5, "1.5"],
  [2, "2.0"],
])("%d CPUs are read back as the official provider writes them", (cpus, text) => {
  expect(decimalCpus(cpus * 1e9)).toBe(text);
});
