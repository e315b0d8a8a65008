/** The agent as a process: what it makes of documents, and of everything that is away. */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { NodeDocumentStatus } from "../../api/readiness/nodeDocument.ts";
import type { DocumentService } from "../../plan/nodeDocument.ts";
import { until } from "../support/until.ts";
import { ADDRESS, API_IMAGE, SECRETS, withService } from "./support/documents.ts";
import { testNode, type TestNode } from "./support/testNode.ts";

let node: TestNode;

beforeEach(async () => {
  node = await testNode();
});

afterEach(async () => {
  await node.remove();
});

const applied = (version: string) =>
  node.until((it) => it.state === "applied" && it.applied === version);

/** Deploys, starts, and waits until it is applied. */
async function running(): Promise<string> {
  const version = node.deploy();
  node.start();
  await applied(version);
  return version;
}

const makes = () => node.programs.calls("docker").filter((it) => it.startsWith("docker create"));
const made = () => makes().map((it) => /--name=turnkey-prod-(\w+)/.exec(it)?.[1]);

const withEnvironment = (more: Readonly<Record<string, string>>) => (service: DocumentService) => ({
  ...service,
  environment: { ...service.environment, ...more },
});

/** Where the node has a folder of a service, as its container was given it. */
function placeOf(service: string, folder: string): string {
  const mount = node.programs
    .argumentsOf(`turnkey-prod-${service}`)
    ?.find((it) => it.includes(`target=${folder},`));
  const place = /source=.*?(run\/turnkey\/[^,]+)/.exec(mount ?? "")?.[1];
  if (place === undefined) throw new Error(`${service} has no ${folder}`);
  return place;
}

describe("a document", () => {
  test("is run as one container and one unit a service", async () => {
    await running();
    expect(made()).toEqual(["livekit", "api", "edge"]);
    expect(node.programs.rules()).toContain("169.254.169.254");
    expect(node.read("etc/systemd/system/docker.service.d/60-turnkey.conf")).toContain(
      "StartLimitIntervalSec=0",
    );
    const engine = node.programs
      .calls("systemctl")
      .filter((it) => / try-restart |-reload/.test(it));
    // Those of the services follow.
    expect(engine.slice(0, 2)).toEqual([
      "systemctl daemon-reload",
      "systemctl try-restart containerd.service",
    ]);
    expect(node.programs.calls("systemctl")).toEqual(
      expect.arrayContaining(
        ["livekit", "api", "edge"].map((it) => `systemctl start turnkey-${it}.service`),
      ),
    );
    expect(node.read("run/systemd/system/turnkey-edge.service")).toContain(
      "docker start turnkey-prod-edge ||",
    );
  });

  test("gets the node's address and the API's image where they stand for something", async () => {
    await running();
    expect(node.programs.argumentsOf("turnkey-prod-livekit")).toContain(`--env=NODE_IP=${ADDRESS}`);
    expect(node.programs.argumentsOf("turnkey-prod-api")).toContain(API_IMAGE);
    expect(JSON.stringify(node.programs.argumentsOf("turnkey-prod-edge"))).not.toContain(
      "own-node.invalid",
    );
  });

  test("has its image pulled from ECR with a password that no command line shows", async () => {
    await running();
    expect(node.programs.password()).toBe("a registry's password");
    expect(node.programs.calls("docker")).toContain(`docker pull --quiet ${API_IMAGE}`);
    expect(node.programs.calls().join("\n")).not.toContain("a registry's password");
  });

  test("that changes one service leaves the others alone", async () => {
    await running();
    const version = node.deploy(withService(node.document, "api", withEnvironment({ NEW: "1" })));
    await applied(version);
    expect(made()).toEqual(["livekit", "api", "edge", "api"]);
  });

  test("that changes a live file restarts nothing", async () => {
    await running();
    const version = node.deploy(
      withService(node.document, "api", (api) => ({
        ...api,
        folders: api.folders.map((folder) => ({
          ...folder,
          files: folder.files.map((it) =>
            it.path.endsWith("blocked-users.json") ? { ...it, text: '["mallory"]' } : it,
          ),
        })),
      })),
    );
    await applied(version);
    expect(made()).toEqual(["livekit", "api", "edge"]);
    expect(node.read(`${placeOf("api", "/etc/turnkey-live")}/blocked-users.json`)).toBe(
      '["mallory"]',
    );
  });

  test("that drops a service ends it", async () => {
    await running();
    const { document } = node;
    const services = document.services.filter(({ name }) => name !== "livekit");
    await applied(node.deploy({ ...document, services }));
    expect(node.programs.calls()).toContain("docker rm --force turnkey-prod-livekit");
    expect(node.programs.calls()).toContain("systemctl stop turnkey-livekit.service");
  });

  test("that is applied is told to the API", async () => {
    const version = await running();
    const told = JSON.parse(node.read(`${placeOf("api", "/etc/turnkey-live")}/node-status.json`));
    expect(NodeDocumentStatus.parse(told)).toMatchObject({
      state: "applied",
      wanted: version,
      applied: version,
    });
  });

  test("runs beside it what proves the relay, and what keeps a certificate where one is ordered", async () => {
    await running();
    const started = () => node.programs.calls("systemctl").filter((it) => / (re)?start /.test(it));
    expect(started()).toContain("systemctl restart turnkey-proof.service");
    expect(started().join()).not.toContain("turnkey-certificate");
    const acme = {
      image: "goacme/lego:v5.3.1",
      directory: "https://acme.example/directory",
      names: ["address.invalid"],
    };
    await applied(node.deploy({ ...node.document, acme }));
    expect(started()).toContain("systemctl restart turnkey-certificate.service");
    expect(JSON.parse(node.read("run/turnkey/task.json")).acme.names).toEqual([ADDRESS]);
  });

  test("is served with a certificate of nobody's until an ordered one is there, which the API is told", async () => {
    await running();
    const chain = () => node.read(`${placeOf("api", "/etc/turnkey-live")}/certificate.pem`);
    const servesKey = () => node.read(`${placeOf("edge", "/etc/haproxy-tls")}/server.pem`);
    expect(chain()).toContain("BEGIN CERTIFICATE");
    const acme = { image: "i", directory: "https://acme.example/directory", names: [ADDRESS] };
    await applied(node.deploy({ ...node.document, acme }));
    expect(chain()).toBe("");
    expect(servesKey()).toContain("PRIVATE KEY");
    node.put("run/turnkey/certificate.json", JSON.stringify({ chain: "ORDERED\n", key: "KEY\n" }));
    await until(() => chain() === "ORDERED\n" && servesKey() === "ORDERED\nKEY\n", 20_000);
    expect(made()).toEqual(["livekit", "api", "edge"]);
  });

  test("is left running by an agent that starts again", async () => {
    const version = await running();
    await node.stop();
    node.start();
    await applied(version);
    expect(made()).toHaveLength(3);
  });
});

const sick = () => withService(node.document, "api", withEnvironment({ SICK: "1" }));

describe("a document that changes LiveKit", () => {
  test("is told to the API as draining while LiveKit's unit stops", async () => {
    await running();
    node.programs.stopSlowly(true);
    const version = node.deploy(
      withService(node.document, "livekit", withEnvironment({ NEW: "1" })),
    );
    await node.until((it) => it.state === "draining");
    const told = JSON.parse(node.read(`${placeOf("api", "/etc/turnkey-live")}/node-status.json`));
    expect(NodeDocumentStatus.parse(told).state).toBe("draining");
    expect(made()).toEqual(["livekit", "api", "edge", "livekit"]);
    const replaced = () =>
      node.programs.calls("docker").filter((it) => it.startsWith("docker rename "));
    expect(replaced()).toHaveLength(3);
    node.programs.stopSlowly(false);
    await applied(version);
    expect(replaced()).toHaveLength(4);
  });

  test("in how long it lets calls end makes no other container of it", async () => {
    await running();
    const version = node.deploy(
      withService(node.document, "livekit", (it) => ({
        ...it,
        limits: { ...it.limits, stopSeconds: 1_234 },
      })),
    );
    await applied(version);
    expect(made()).toEqual(["livekit", "api", "edge"]);
    const unit = node.read("run/systemd/system/turnkey-livekit.service");
    expect(unit).toContain("drain.py turnkey-prod-livekit 1234 ");
    expect(unit).toContain("TimeoutStopSec=1294\n");
  });

  test("is not needed for it: the API is told also of a LiveKit that somebody else ends", async () => {
    await running();
    const place = placeOf("api", "/etc/turnkey-live");
    const state = () => JSON.parse(node.read(`${place}/node-status.json`)).state;
    node.put("run/turnkey/draining", "2030-01-01T00:00:00Z");
    await until(() => state() === "draining", 20_000);
    expect(JSON.parse(node.read("run/turnkey/status.json")).state).toBe("applied");
    node.discard("run/turnkey/draining");
    await until(() => state() === "applied", 20_000);
  });
});

describe("a document that does not work", () => {
  test("gives way to the last good one", async () => {
    const good = await running();
    const bad = node.deploy(sick());
    const status = await node.until((it) => it.state === "refused");
    expect(status).toMatchObject({ wanted: bad, applied: good });
    expect(status.problem).toBe(
      "went back to the last good document: not ready within 0 s: not healthy: api",
    );
    expect(node.programs.argumentsOf("turnkey-prod-api")).not.toContain("--env=SICK=1");
  });

  test("is not tried a second time, also after a boot", async () => {
    const good = await running();
    const bad = node.deploy(sick());
    await node.until((it) => it.state === "refused");
    await node.stop();
    node.boot();
    const before = makes().length;
    node.start();
    await node.until((it) => it.state === "refused" && it.applied === good && it.wanted === bad);
    expect(
      makes()
        .slice(before)
        .filter((it) => it.includes("SICK")),
    ).toEqual([]);
  });

  test("as the engine tells nothing of what runs ends nothing", async () => {
    await running();
    const stops = () => node.programs.calls("systemctl").filter((it) => / stop .*-api/.test(it));
    const before = stops();
    node.programs.loseEngine();
    node.deploy(withService(node.document, "api", withEnvironment({ NEW: "1" })));
    const { problem } = await node.until((it) => it.problem !== null);
    expect(problem).toContain("Cannot connect to the Docker daemon");
    expect(stops()).toEqual(before);
  });

  test("of which not all containers can be made ends none, and is tried again", async () => {
    const good = await running();
    const stops = () => node.programs.calls("systemctl").filter((it) => / stop /.test(it));
    const before = stops();
    node.programs.refuseToMake("turnkey-prod-api-next");
    const livekit = withService(node.document, "livekit", withEnvironment({ NEW: "1" }));
    const version = node.deploy(withService(livekit, "api", withEnvironment({ NEW: "1" })));
    const status = await node.until((it) => it.problem !== null);
    expect(status).toMatchObject({ state: "applying", wanted: version, applied: good });
    expect(status.problem).toContain("no space left on device");
    expect(stops()).toEqual(before);
    expect(node.programs.argumentsOf("turnkey-prod-livekit")).not.toContain("--env=NEW=1");
    node.programs.refuseToMake("none");
    await applied(version);
    expect(node.programs.calls("docker")).toContain("docker rm --force turnkey-prod-livekit-next");
    expect(node.programs.argumentsOf("turnkey-prod-livekit")).toContain("--env=NEW=1");
  });

  test("is followed by one that does", async () => {
    await running();
    node.deploy(sick());
    await node.until((it) => it.state === "refused");
    await applied(node.deploy(withService(node.document, "api", withEnvironment({ NEW: "1" }))));
  });

  test("that /readyz does not bear out gives way, with what it lacks", async () => {
    const good = await running();
    node.edge.ready = false;
    const bad = node.deploy(withService(node.document, "api", withEnvironment({ NEW: "1" })));
    // The last good one is not ready either, and goes on being waited for.
    const stuck = await node.until((it) => it.problem?.includes("LiveKit") ?? false);
    expect(stuck.problem).toBe("not ready within 0 s: LiveKit cannot be reached");
    node.edge.ready = true;
    await node.until((it) => it.state === "refused" && it.applied === good && it.wanted === bad);
    expect(makes().filter((it) => it.includes("NEW"))).toHaveLength(1);
  });

  test.each([
    ["another format", { format: 2 }, "its format is not 1"],
    ["no services", { services: [] }, "it has no service"],
    [
      "a kernel setting that is not the network's",
      { sysctls: { "kernel.core": "x" } },
      "kernel.core",
    ],
    ["scripts that do not run", { scripts: { "apply.py": "import nothing_such" } }, "nothing_such"],
    ["a script outside its folder", { scripts: { "../x.py": "" } }, "../x.py"],
  ])("is refused before anything is touched: %s", async (_case, change, told) => {
    const good = await running();
    const before = node.programs.calls().length;
    const bad = node.deploy({ ...node.document, ...change });
    const status = await node.until((it) => it.state === "refused");
    expect(status).toMatchObject({ wanted: bad, applied: good });
    expect(status.problem).toContain(told);
    expect(node.programs.calls()).toHaveLength(before);
  });
});

describe("what is away", () => {
  test("S3 at boot: the last good document is run", async () => {
    const version = await running();
    await node.stop();
    node.boot();
    node.aws.away.add("s3");
    node.start();
    const status = await node.until((it) => it.problem !== null);
    expect(status).toMatchObject({
      applied: version,
      problem: expect.stringMatching(
        /^s3 answers 503 to HEAD http:\S+\/node\/document\.json: no reason given$/,
      ),
    });
  });

  test("a secret: it is named, waited for, and nothing is started without it", async () => {
    node.aws.parameters.delete("/turnkey/prod/turnKey:3");
    const version = node.deploy();
    node.start();
    const status = await node.until((it) => it.problem !== null);
    expect(status.problem).toBe("waiting for secrets in Parameter Store: /turnkey/prod/turnKey:3");
    expect(makes()).toEqual([]);
    node.aws.parameters.set("/turnkey/prod/turnKey:3", "CANARY-turn-key");
    await applied(version);
  });

  test("Parameter Store, for a changed document: what runs goes on", async () => {
    await running();
    node.aws.away.add("ssm");
    const version = node.deploy(withService(node.document, "api", withEnvironment({ NEW: "1" })));
    await node.until((it) => it.problem?.startsWith("ssm answers 503") ?? false);
    expect(made()).toEqual(["livekit", "api", "edge"]);
    node.aws.away.delete("ssm");
    await applied(version);
  });
});

describe("secrets", () => {
  const path = "run/turnkey";

  test("reach a service as files", async () => {
    await running();
    expect(node.read(`${placeOf("livekit", "/etc/livekit")}/keys.yaml`)).toBe(SECRETS.livekitKeys);
    expect(node.read(`${placeOf("api", "/etc/turnkey")}/turn-key.json`)).toBe(SECRETS.turnKey);
    expect(placeOf("api", "/etc/turnkey").startsWith(path)).toBe(true);
  });

  test("stand nowhere else: not on command lines, in units, on disk, in what is printed", async () => {
    const version = await running();
    const places = [
      ...node.programs.calls(),
      ...["livekit", "api", "edge"].map((it) =>
        node.read(`run/systemd/system/turnkey-${it}.service`),
      ),
      node.read("var/lib/turnkey/good.json"),
      node.read("run/turnkey/status.json"),
      node.printed(),
    ];
    expect(places.join("\n")).toContain(version);
    expect(places.join("\n")).not.toContain("CANARY");
  });

  test("of another version make another container of whom they belong to, and of nobody else", async () => {
    await running();
    for (const [name, value] of Object.entries(SECRETS))
      node.aws.parameters.set(`/turnkey/prod/${name}:4`, name === "turnKey" ? "CANARY-2" : value);
    const version = node.deployWith({
      secrets: Object.keys(SECRETS)
        .map((it) => `${it}=4`)
        .join(","),
    });
    await applied(version);
    expect(made()).toEqual(["livekit", "api", "edge", "api"]);
    expect(node.read(`${placeOf("api", "/etc/turnkey")}/turn-key.json`)).toBe("CANARY-2");
  });
});
