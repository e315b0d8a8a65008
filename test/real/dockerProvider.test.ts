import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { connectEngine } from "../../machine/dockerEngine.ts";
import { look } from "../../machine/look.ts";
import { dockerKinds } from "../../registry-only/docker/dockerKinds.ts";
import { objectAt, textAt } from "../support/recording.ts";
import type { JsonObject } from "../support/recording.ts";
import { replay } from "../support/replay.ts";
import type { Replay } from "../support/replay.ts";
import { makeTinyImage, sweep, tinyProgram } from "../support/tinyImage.ts";

const found = tinyProgram();
if (!found && process.env["CI"] === "true")
  throw new Error("no program to make an image of on this platform; CI needs Linux");
const program = found ?? { path: "", sleep: [], hasFile: () => [], fail: () => [] };

const engine = connectEngine();
const prefix = `turnkey-test-${process.pid}`;
const image = `${prefix}:1`;
const names = ["net", "vol", "files", "app", "bad"].map((it) => `${prefix}-${it}`);
const [net = "", vol = "", files = "", app = "", bad = ""] = names;

let provider: Replay;
beforeAll(async () => {
  await makeTinyImage(engine, image, program);
  const kinds = dockerKinds(engine);
  provider = await replay({ name: "docker", version: "5.2.0", bridge: "sdk2", kinds });
}, 60_000);
afterAll(async () => {
  provider.close();
  await sweep(engine, names, image);
}, 60_000);

interface Made {
  readonly type: string;
  readonly id: string;
  readonly inputs: JsonObject;
  readonly state: JsonObject;
}

const kinds = {
  network: "docker:index/network:Network",
  volume: "docker:index/volume:Volume",
  image: "docker:index/remoteImage:RemoteImage",
  container: "docker:index/container:Container",
};

/** Check and Create, as the engine calls them on a first update. */
async function make(type: string, news: JsonObject): Promise<Made> {
  const checked = await provider.call("Check", { type, news });
  expect(checked["failures"]).toBeUndefined();
  const inputs = objectAt(checked, "inputs");
  const answer = await provider.call("Create", { type, properties: inputs });
  return { type, id: textAt(answer, "id"), inputs, state: objectAt(answer, "properties") };
}

/** Read, as a refresh calls it; undefined when the resource is gone. */
async function refreshed(made: Made): Promise<Made | undefined> {
  const { type, id, inputs, state } = made;
  const answer = await provider.call("Read", { type, id, inputs, properties: state });
  if (answer["id"] === undefined) return undefined;
  return { ...made, inputs: objectAt(answer, "inputs"), state: objectAt(answer, "properties") };
}

const diff = (made: Made, news: JsonObject) =>
  provider.call("Diff", { type: made.type, id: made.id, olds: made.state, news });
const remove = ({ type, id, state }: Made) =>
  provider.call("Delete", { type, id, properties: state });
const changes = async (made: Made) => (await diff(made, made.inputs))["detailedDiff"] ?? {};

const secret = "s3cret-content";
const base = {
  image,
  restart: "no",
  init: true,
  destroyGraceSeconds: 1,
  memory: 64,
  memorySwap: 128,
};
const upload = { file: "/secrets/key", content: secret, permissions: "0440" };

(found ? describe : describe.skip)("the docker stand-in on the real engine", () => {
  let network: Made;
  let volume: Made;
  let carrier: Made;
  let container: Made;

  test("an image that is here is used as it is", async () => {
    const made = await make(kinds.image, { name: image, keepLocally: true });
    expect(made.id).toBe(`${textAt(made.state, "imageId")}${image}`);
    await remove(made);
    expect(await refreshed(made)).toBeDefined();
  });

  test("an image that cannot be had is named with the reason and the mend", async () => {
    const name = "127.0.0.1:9/turnkey/nothing:1";
    await expect(make(kinds.image, { name })).rejects.toThrow(
      /image "127\.0\.0\.1:9\/turnkey\/nothing:1" is not on this machine and cannot be pulled: .*refused.* - mend/,
    );
  });

  test("a network and a volume are made, and a second look finds no difference", async () => {
    network = await make(kinds.network, { name: net, labels: [{ label: "a", value: "1" }] });
    volume = await make(kinds.volume, { name: vol, labels: [{ label: "a", value: "1" }] });
    for (const made of [network, volume]) {
      const read = await refreshed(made);
      expect(read?.inputs).toEqual(made.inputs);
      expect(await changes(read ?? made)).toEqual({});
    }
  });

  test("a second network of the same name is refused", async () => {
    await expect(make(kinds.network, { name: net })).rejects.toThrow(/already exists/);
  });

  test("files cannot be uploaded into a container with a read-only root, not even into a volume", async () => {
    const made = make(kinds.container, {
      ...base,
      name: bad,
      command: program.sleep,
      readOnly: true,
      volumes: [{ volumeName: vol, containerPath: "/secrets" }],
      uploads: [upload],
    });
    await expect(made).rejects.toThrow(/"turnkey-test-\d+-bad" .* was removed: .*marked read-only/);
    await expect(made).rejects.not.toThrow(secret);
    await expect(engine.json("GET", `/containers/${bad}/json`)).rejects.toThrow(
      /No such container/,
    );
  });

  test("a container that never starts carries files into a volume", async () => {
    carrier = await make(kinds.container, {
      ...base,
      name: files,
      command: program.sleep,
      start: false,
      mustRun: false,
      volumes: [{ volumeName: vol, containerPath: "/secrets" }],
      uploads: [upload],
    });
    expect(await changes((await refreshed(carrier)) ?? carrier)).toEqual({});
  });

  test("a hardened container that waits for its health comes up with the volume's files", async () => {
    container = await make(kinds.container, {
      ...base,
      name: app,
      command: program.sleep,
      readOnly: true,
      user: "65532:65532",
      capabilities: { drops: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      networksAdvanced: [{ name: net, aliases: ["app"] }],
      ports: [{ internal: 8080, ip: "127.0.0.1" }],
      volumes: [{ volumeName: vol, containerPath: "/secrets", readOnly: true }],
      tmpfs: { "/tmp": "size=1m" },
      envs: ["A=1"],
      labels: [{ label: "a", value: "1" }],
      logDriver: "json-file",
      logOpts: { "max-size": "1m" },
      cpus: "0.5",
      ulimits: [{ name: "nofile", soft: 1024, hard: 2048 }],
      stopTimeout: 2,
      healthcheck: {
        tests: ["CMD", ...program.hasFile("/secrets")],
        interval: "200ms",
        timeout: "5s",
        retries: 3,
      },
      wait: true,
      waitTimeout: 30,
    });
    const inspected = look(await engine.json("GET", `/containers/${app}/json`));
    expect(inspected.text("State", "Health", "Status")).toBe("healthy");
    expect(inspected.flag("HostConfig", "ReadonlyRootfs")).toBe(true);
    expect(Object.keys(inspected.at("NetworkSettings", "Networks").value ?? {})).toEqual([net]);
    expect(look(container.state).list("ports")[0]?.number("external")).toBeGreaterThan(0);
  });

  test("a second look at the running container finds no difference and adds no input", async () => {
    const read = await refreshed(container);
    expect(read?.inputs).toEqual(container.inputs);
    expect(await changes(read ?? container)).toEqual({});
  });

  test("the uploaded content is what the volume holds, with its mode", async () => {
    const answer = await engine.raw("GET", `/containers/${files}/archive?path=/secrets/key`);
    const archive = Buffer.concat(await answer.toArray());
    expect(archive.toString("utf8", 512, 512 + secret.length)).toBe(secret);
    expect(Number.parseInt(archive.toString("latin1", 100, 107), 8) & 0o777).toBe(0o440);
  });

  test("memory and restart policy change in place, a health check is only noted", async () => {
    const healthcheck = { ...objectAt(container.inputs, "healthcheck"), retries: 5 };
    const news = {
      ...container.inputs,
      memory: 96,
      memorySwap: 192,
      restart: "always",
      healthcheck,
    };
    const { type, id, state } = container;
    const updated = await provider.call("Update", { type, id, olds: state, news });
    container = { ...container, inputs: news, state: objectAt(updated, "properties") };
    expect(await changes(container)).toEqual({});
    const inspected = look(await engine.json("GET", `/containers/${id}/json`));
    expect(inspected.number("HostConfig", "Memory")).toBe(96 * 1024 * 1024);
    expect(inspected.text("HostConfig", "RestartPolicy", "Name")).toBe("always");
    expect(inspected.number("Config", "Healthcheck", "Retries")).toBe(3);
    expect(await changes((await refreshed(container)) ?? container)).toEqual({});
  });

  test("a container stopped behind its back is seen by a refresh and replaced for its ports", async () => {
    await engine.json("POST", `/containers/${container.id}/stop?t=0`);
    const read = await refreshed(container);
    expect(look(read?.state).flag("mustRun")).toBe(false);
    expect(await diff(read ?? container, container.inputs)).toMatchObject({
      detailedDiff: { mustRun: { kind: "UPDATE" }, ports: { kind: "ADD_REPLACE" } },
      deleteBeforeReplace: true,
    });
  });

  test("an update starts a stopped container that must run", async () => {
    const { type, id, state, inputs } = container;
    await provider.call("Update", { type, id, olds: { ...state, mustRun: false }, news: inputs });
    expect(look((await refreshed(container))?.state).number("exitCode")).toBe(0);
    const inspected = look(await engine.json("GET", `/containers/${id}/json`));
    expect(inspected.flag("State", "Running")).toBe(true);
  });

  test("a container removed behind its back is gone for a refresh", async () => {
    await engine.json("DELETE", `/containers/${container.id}?force=true`);
    expect(await refreshed(container)).toBeUndefined();
    await remove(container);
  });

  test("a container that does not get healthy is removed, and its last words are told", async () => {
    const made = make(kinds.container, {
      ...base,
      name: bad,
      command: program.sleep,
      healthcheck: {
        tests: ["CMD", ...program.fail("no-key-here")],
        interval: "100ms",
        retries: 1,
      },
      wait: true,
      waitTimeout: 2,
    });
    await expect(made).rejects.toThrow(/not healthy within 2 s[^]*exit code 1\): no-key-here/);
    await expect(engine.json("GET", `/containers/${bad}/json`)).rejects.toThrow(
      /No such container/,
    );
  });

  test("a container that ends while it is waited for shows the end of its log", async () => {
    const made = make(kinds.container, {
      ...base,
      name: bad,
      command: program.fail("cannot-start"),
      healthcheck: { tests: ["CMD", ...program.sleep], interval: "10s" },
      wait: true,
    });
    await expect(made).rejects.toThrow(/ended with exit code 1[^]*log:\ncannot-start/);
  });

  test("deleting leaves nothing", async () => {
    for (const made of [carrier, network, volume]) await remove(made);
    for (const made of [carrier, network, volume]) expect(await refreshed(made)).toBeUndefined();
  });
});
