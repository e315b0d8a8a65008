/** The node's agent with the real Docker Engine: what a container is that it makes. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { connectEngine } from "../../machine/dockerEngine.ts";
import { removeObject } from "../../machine/engineObjects.ts";
import { readLocalImages } from "../../machine/localImages.ts";
import type { Look } from "../../machine/look.ts";
import { livekitImage } from "../../plan/images.ts";
import { testNode, type TestNode } from "../node/support/testNode.ts";
import { inspect } from "../support/containers.ts";
import { laptop } from "../support/plans.ts";

/** Of this suite alone, beside whatever else runs LiveKit on this machine. */
const STACK = "agenttest";
const CONTAINER = `turnkey-${STACK}-livekit`;
const SETTINGS = {
  livekit: { port: 46_880, metricsPort: 46_881 },
  rtc: { tcpPort: 46_882, mediaPorts: { from: 46_900, to: 46_919 } },
  turn: { udpPort: 46_883, tlsPort: 46_884 },
};

const engine = connectEngine();
let node: TestNode;
let container: Look;

beforeAll(async () => {
  const { reference: image, version } = livekitImage(
    {},
    { ...laptop, localImages: readLocalImages() },
  );
  node = await testNode({
    settings: { ...SETTINGS, livekit: { ...SETTINGS.livekit, version } },
    engine: "real",
  });
  const services = node.document.services
    .filter(({ name }) => name === "livekit")
    .map((it) => ({ ...it, image, limits: { ...it.limits, stopSeconds: 5 } }));
  const ports = node.document.ports.filter(({ name }) => name !== "https");
  node.deploy({ ...node.document, stack: STACK, services, ports });
  node.start();
  await node.until((it) => it.state === "applied");
  container = await inspect(engine, CONTAINER);
}, 120_000);

afterAll(async () => {
  await node.stop();
  await removeObject(engine, { kind: "container", id: CONTAINER });
  await node.remove();
});

describe("a container that the agent makes", () => {
  test("is healthy with the files that it was given", () => {
    expect(container.text("State", "Health", "Status")).toBe("healthy");
  });

  test("runs as nobody, with nothing that it could do more", () => {
    const host = container.at("HostConfig");
    expect(container.text("Config", "User")).toBe("65531:65531");
    expect(host.texts("CapDrop")).toEqual(["ALL"]);
    expect(host.texts("CapAdd")).toEqual([]);
    expect(host.texts("SecurityOpt")).toEqual(["no-new-privileges"]);
    expect(host.flag("ReadonlyRootfs")).toBe(true);
    expect(host.flag("Privileged")).toBe(false);
  });

  test("has limits, and is started again by systemd alone", () => {
    const host = container.at("HostConfig");
    expect(host.number("PidsLimit")).toBe(1024);
    expect(host.number("Memory")).toBeGreaterThan(0);
    expect(host.number("MemorySwap")).toBe(host.number("Memory"));
    expect(host.number("NanoCpus")).toBeGreaterThan(0);
    expect(host.text("RestartPolicy", "Name")).toBe("no");
  });

  test("logs to CloudWatch without waiting for it", () => {
    const log = container.at("HostConfig", "LogConfig");
    expect(log.text("Type")).toBe("awslogs");
    expect(log.textMap("Config")).toMatchObject({
      mode: "non-blocking",
      "awslogs-group": "/turnkey/prod/node",
    });
  });

  test("shows no secret to whoever may ask the engine", () => {
    expect(JSON.stringify(container.value)).not.toContain("CANARY");
  });
});
