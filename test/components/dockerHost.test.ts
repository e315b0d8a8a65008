import { beforeAll, describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { DockerHost } from "../../components/dockerHost.ts";
import * as z from "zod";
import { deploy, holdsSecret, plain } from "../support/engine.ts";
import { devPlan, laptop } from "../support/plans.ts";

/** The part of a container's inputs that is about files. */
const Files = z.object({
  uploads: z.array(
    z.object({ file: z.string(), content: z.string().optional(), permissions: z.string() }),
  ),
  volumes: z.array(z.object({ containerPath: z.string() })),
});

const CONTAINER = "docker:index/container:Container";

const deployHost = (plan = devPlan()) =>
  deploy(
    () =>
      new DockerHost("host", {
        plan,
        late: {
          livekitKeys: pulumi.secret("late keys"),
          certificate: pulumi.output("LEAF-PEM"),
          certificateKey: pulumi.secret("late certificate key"),
          certificateAndKey: pulumi.secret("late certificate and key"),
          caCertificate: pulumi.output("CA-PEM"),
          roomKey: pulumi.secret("late room key"),
          turnKey: pulumi.secret("late turn key"),
          signIn: pulumi.secret("late sign-in"),
          iceSources: pulumi.secret("late ICE sources"),
          verifierKey: pulumi.secret("late verifier key"),
          userIdKey: pulumi.secret("late user id key"),
        },
        bundles: {
          api: { path: ".turnkey/api.mjs", sha256: "abc" },
          demoPage: { path: ".turnkey/demo-page.json", sha256: "def" },
          diagnosticsPage: { path: ".turnkey/diagnostics-page.json", sha256: "ghi" },
        },
      }),
  );

let deployed: Awaited<ReturnType<typeof deployHost>>;
beforeAll(async () => {
  deployed = await deployHost();
});

const container = (name: string, { ofType } = deployed) => {
  const found = ofType(CONTAINER).find((it) => it.name === `host-${name}`);
  if (!found) throw new Error(`no container ${name}`);
  return found.inputs;
};

test("each service is one image, one container, and its files", () => {
  expect(deployed.resources.map((it) => `${it.type.split(":")[2]} ${it.name}`).toSorted()).toEqual([
    "Container host-api",
    "Container host-api-files-carrier",
    "Container host-api-live-carrier",
    "Container host-edge",
    "Container host-edge-files-carrier",
    "Container host-edge-live-carrier",
    "Container host-livekit",
    "Container host-livekit-files-carrier",
    "DockerFiles host-api-files",
    "DockerFiles host-api-live",
    "DockerFiles host-edge-files",
    "DockerFiles host-edge-live",
    "DockerFiles host-livekit-files",
    "DockerHost host",
    "RemoteImage host-api-image",
    "RemoteImage host-edge-image",
    "RemoteImage host-livekit-image",
    "Volume host-api-files-volume",
    "Volume host-api-live-volume",
    "Volume host-edge-files-volume",
    "Volume host-edge-live-volume",
    "Volume host-livekit-files-volume",
  ]);
});

describe.each(["livekit", "api", "edge"])("the container of %s", (name) => {
  test("has a read-only root, no privilege to gain and only the capabilities it needs", () => {
    const inputs = plain(container(name));
    expect(inputs).toMatchObject({
      readOnly: true,
      securityOpts: ["no-new-privileges:true"],
      capabilities: {
        drops: ["ALL"],
        adds: name === "api" ? [] : ["CAP_NET_BIND_SERVICE"],
      },
      user: name === "api" ? "65532:0" : "0:0",
      restart: "unless-stopped",
    });
  });

  test("names its swap limit, or every update would find a difference", () => {
    const limits = z.object({ memory: z.number(), memorySwap: z.number() });
    const inputs = limits.parse(plain(container(name)));
    expect(inputs.memory).toBeGreaterThan(0);
    expect(inputs.memorySwap).toBe(inputs.memory);
  });

  test("mounts its files read-only, and is replaced when they change", () => {
    const inputs = plain(container(name));
    expect(inputs).toMatchObject({
      volumes: expect.arrayContaining([
        expect.objectContaining({ volumeName: `turnkey-dev-${name}`, readOnly: true }),
      ]),
      labels: expect.arrayContaining([
        { label: "dev.turnkey.files", value: `host-${name}-files-carrier-id` },
      ]),
    });
    expect(inputs).not.toHaveProperty("uploads");
  });

  test("holds no secret", () => {
    const inputs = container(name);
    expect(holdsSecret(inputs)).toBe(false);
    expect(JSON.stringify(inputs)).not.toContain("late ");
  });

  test("is never started to carry its files", () => {
    const inputs = plain(container(`${name}-files-carrier`));
    expect(inputs).toMatchObject({ start: false, mustRun: false, networkMode: "none" });
  });

  test("gets its secret files as secrets, for root's eyes, below its mounted volume", () => {
    const inputs = container(name === "edge" ? "edge-live-carrier" : `${name}-files-carrier`);
    const { uploads: marked, ...rest } = inputs;
    expect(holdsSecret(marked)).toBe(true);
    expect(holdsSecret(rest)).toBe(false);
    const { uploads, volumes } = Files.parse(plain(inputs));
    for (const { file, content, permissions } of uploads) {
      expect(file.startsWith(`${volumes[0]?.containerPath}/`)).toBe(true);
      if (content?.startsWith("late ")) expect(permissions).toMatch(/^04[04]0$/);
    }
  });
});

test("the edge is not replaced for a certificate, which it serves without a restart", () => {
  const { labels, volumes } = z
    .object({ labels: z.array(z.object({ value: z.string() })), volumes: z.array(z.unknown()) })
    .parse(plain(container("edge")));
  expect(labels.map((it) => it.value)).not.toContain("host-edge-live-carrier-id");
  expect(volumes).toContainEqual({
    volumeName: "turnkey-dev-edge-live",
    containerPath: "/etc/haproxy-tls",
    readOnly: true,
  });
});

test("the edge gets a folder in memory for its socket, for root alone", () => {
  expect(container("edge")["tmpfs"]).toEqual({ "/run/haproxy": "mode=0700" });
});

test.each(["livekit", "api", "edge"])(
  "%s shares the host's network, where no port needs a proxy",
  (name) => {
    const inputs = container(name);
    expect(inputs["networkMode"]).toBe("host");
    expect(inputs["ports"]).toBeUndefined();
  },
);

test("on a bridge the API is published on the node's address only, its metrics too", async () => {
  const bridge = await deployHost(devPlan({}, { ...laptop, network: "bridge" }));
  expect(plain(container("api", bridge))).toMatchObject({
    ports: [7890, 7891].map((port) => ({
      internal: port,
      external: port,
      ip: "127.0.0.1",
      protocol: "tcp",
    })),
    networksAdvanced: [{ name: "turnkey-dev", aliases: ["api"] }],
  });
  expect(bridge.resources.map((it) => it.name)).toContain("host-network");
});

test("the API's bundle is named with its hash, so that a changed server is deployed", () => {
  expect(plain(container("api-files-carrier"))).toMatchObject({
    uploads: expect.arrayContaining([
      {
        file: "/etc/turnkey/server.mjs",
        permissions: "0444",
        source: ".turnkey/api.mjs",
        sourceHash: "abc",
      },
    ]),
  });
});
