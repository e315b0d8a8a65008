import { describe, expect, test } from "@jest/globals";
import type { PackConfig } from "../../../../policy/judge.ts";
import {
  carrier,
  complainers,
  complaints,
  container,
  document,
  media,
  service,
} from "../../subjects/samples.ts";
import { atPreview, type Props, resource, UNKNOWN_AT_PREVIEW } from "../../../support/policy.ts";

/** What is broken, the rule that is to say so, what it is to have seen, and how the pack is set. */
type Row = readonly [claim: string, broken: Props, rule: string, seen: string, config?: PackConfig];

const port = (changes: Props) => ({
  external: 443,
  ip: "198.51.100.7",
  protocol: "udp",
  ...changes,
});
const ports = (count: number) =>
  Array.from({ length: count }, (_, index) => port({ external: 50_000 + index }));
const mount = (source: string) => ({ mounts: [{ type: "bind", source, target: "/x" }] });

const broken: readonly Row[] = [
  ["a tag that moves", { image: "haproxy:latest" }, "container-image-pinned", "haproxy:latest"],
  ["no tag", { image: "registry:5000/haproxy" }, "container-image-pinned", "without a version"],
  ["half a version", { image: "haproxy:2.6" }, "container-image-pinned", "haproxy:2.6"],
  ["no user", { user: undefined }, "container-user", "user is not set"],
  ["root by number", { user: "0:0" }, "container-user", '"0:0"'],
  ["root by name", { user: "root" }, "container-user", '"root"'],
  ["no capability dropped", { capabilities: undefined }, "container-capabilities", "drops is []"],
  [
    "one capability dropped",
    { capabilities: { drops: ["NET_RAW"] } },
    "container-capabilities",
    '["NET_RAW"]',
  ],
  [
    "a capability added",
    { capabilities: { drops: ["CAP_ALL"], adds: ["NET_BIND_SERVICE", "SYS_ADMIN"] } },
    "container-capabilities",
    "adds SYS_ADMIN",
  ],
  ["a root that is written", { readOnly: false }, "container-read-only-root", "readOnly is false"],
  ["a root left as it is", { readOnly: undefined }, "container-read-only-root", "not set"],
  ["privileges to gain", { securityOpts: [] }, "container-no-new-privileges", "securityOpts"],
  [
    "privileges that are let",
    { securityOpts: ["no-new-privileges:false"] },
    "container-no-new-privileges",
    "securityOpts",
  ],
  ["no limit of memory", { memory: 0 }, "container-limits", "memory is 0"],
  ["swap", { memorySwap: -1 }, "container-limits", "memorySwap is -1"],
  [
    "swap as the engine gives it",
    { memorySwap: undefined },
    "container-limits",
    "memorySwap is not set",
  ],
  ["no limit of processors", { cpus: undefined }, "container-limits", "cpus is not set"],
  ["no health check", { healthcheck: undefined }, "container-health-check", "not set"],
  [
    "a health check turned off",
    { healthcheck: { tests: ["NONE"] } },
    "container-health-check",
    "NONE",
  ],
  ["no restart", { restart: undefined }, "container-restart", "stays down"],
  ["a restart without bounds", { restart: "always" }, "container-restart", "without bounds"],
  [
    "a restart after any number of failures",
    { restart: "on-failure" },
    "container-restart",
    "maxRetryCount is not set",
  ],
  [
    "more failures than the pack is set to",
    { restart: "on-failure", maxRetryCount: 3 },
    "container-restart",
    "maxRetryCount is 3",
    { "container-restart": { mostRetries: 2 } },
  ],
  [
    "the engine's socket as a volume",
    { volumes: [{ hostPath: "/var/run/docker.sock", containerPath: "/s" }] },
    "container-no-docker-socket",
    "/var/run/docker.sock",
  ],
  [
    "the engine's socket as a mount",
    mount("/run/podman/podman.sock"),
    "container-no-docker-socket",
    "podman",
  ],
  ["a folder with the socket in it", mount("/run/"), "container-no-docker-socket", "/run/"],
  [
    "the engine's socket by a way round",
    mount("/srv/../var/./run"),
    "container-no-docker-socket",
    "/srv/../var",
  ],
  ["the whole machine", mount("/"), "container-no-docker-socket", "hold /"],
  ["all privileges", { privileged: true }, "container-not-privileged", "privileged is true"],
  [
    "system calls without a filter",
    { securityOpts: ["no-new-privileges", "seccomp=unconfined"] },
    "container-not-privileged",
    "seccomp=unconfined",
  ],
  [
    "no profile of AppArmor",
    { securityOpts: ["no-new-privileges", "apparmor:unconfined"] },
    "container-not-privileged",
    "apparmor:unconfined",
  ],
  ["the machine's processes", { pidMode: "host" }, "container-host-namespaces", "pidMode"],
  ["the machine's memory", { ipcMode: "host" }, "container-host-namespaces", "ipcMode"],
  ["the machine's network", { networkMode: "host" }, "container-host-network", '"host"'],
  [
    "a port on every interface",
    { ports: [port({}), port({ ip: "0.0.0.0", external: 444 })] },
    "container-ports-on-one-interface",
    "444/udp have no ip",
  ],
  [
    "a port without an address",
    { ports: [port({ ip: undefined })] },
    "container-ports-on-one-interface",
    "443",
  ],
  [
    "a port on every IPv6 interface",
    { ports: [port({ ip: "::" })] },
    "container-ports-on-one-interface",
    "443",
  ],
  [
    "a port on every interface, written at length",
    { ports: [port({ ip: "0:0:0:0:0:0:0:0" })] },
    "container-ports-on-one-interface",
    "443",
  ],
  [
    "every port of the image",
    { publishAllPorts: true },
    "container-ports-on-one-interface",
    "publishAllPorts",
  ],
  [
    "metrics for the network",
    { ports: [port({ external: 6789 })] },
    "container-internal-ports",
    "6789",
  ],
  [
    "metrics under another number",
    { ports: [port({ internal: 6789, external: 9999, protocol: "tcp" })] },
    "container-internal-ports",
    "9999/tcp (in the container 6789)",
  ],
  [
    "an internal port of one's own",
    { ports: [port({ external: 9100 })] },
    "container-internal-ports",
    "9100",
    { "container-internal-ports": { internalPorts: [9100] } },
  ],
  ["many ports", { ports: ports(65) }, "container-published-port-count", "65 ports"],
  [
    "a log without end",
    { logOpts: { "max-file": "3" } },
    "container-log-rotation",
    "max-size is not set",
  ],
  [
    "files of logs without end",
    { logOpts: { "max-size": "1m" } },
    "container-log-rotation",
    "max-file is not set",
  ],
  [
    "the engine's log",
    { logDriver: undefined, logOpts: undefined },
    "container-log-rotation",
    "not set",
  ],
  ["no log", { logDriver: "none" }, "container-log-rotation", '"none"'],
];

/** What the same rules take as well. */
const fine: readonly (readonly [claim: string, changes: Props])[] = [
  ["an image by its digest", { image: `haproxy@sha256:${"0".repeat(64)}` }],
  ["an image of the engine by its id", { image: `sha256:${"0".repeat(64)}` }],
  ["a version with a registry that has a port", { image: "registry:5000/turnkey/api:1.2.3" }],
  ["processor time as a quota", { cpus: undefined, cpuQuota: 50_000 }],
  ["a bounded restart", { restart: "on-failure", maxRetryCount: 5 }],
  ["metrics on loopback", { ports: [port({ external: 6789, ip: "127.0.0.1" })] }],
  ["as many ports as there may be", { ports: ports(64) }],
  ["a driver that rotates by itself", { logDriver: "local", logOpts: undefined }],
  ["a driver that sends logs away", { logDriver: "awslogs", logOpts: undefined }],
  ["a profile of one's own", { securityOpts: ["no-new-privileges", "seccomp=/etc/turn.json"] }],
  ["a socket that is not the engine's", mount("/run/haproxy/web.sock")],
];

test("a compliant container passes", () => {
  expect(complaints([container()])).toEqual([]);
});

test.each(fine)("%s passes", (_, changes) => {
  expect(complaints([container(changes)])).toEqual([]);
});

test.each(broken)(
  "%s is found by one rule, which says what it saw",
  (_, changes, rule, seen, config = {}) => {
    const found = complaints([container(changes)], config);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${rule}: container: `);
    expect(found[0]).toContain(seen);
  },
);

const volume = (device: string) =>
  resource("docker:index/volume:Volume", { driver: "local", driverOpts: { o: "bind", device } });

test("a volume that is the engine's folder under another name is found", () => {
  expect(complaints([volume("/var/run")]).join()).toContain('driverOpts.device is "/var/run"');
  expect(complaints([volume("/srv/media")])).toEqual([]);
});

describe("secrets in the environment", () => {
  const secret = "S3cretS3cretS3cret";
  test.each([
    ["a secret by its name", `API_SECRET=${secret}`],
    ["a key by its name", `TURN_KEY=${secret}`],
    ["a secret with slashes", "API_SECRET=/9f3Kq8Zt2LmX7vB4nRw6YcP1sDh5GjTkUeAoQiWz0="],
    ["a password", `PGPASSWORD=${secret}`],
    ["LiveKit's keys", `LIVEKIT_KEYS=key: ${secret}`],
    ["a password in a URL", `REDIS=redis://user:${secret}@redis:6379`],
    ["a private key", `CERT=-----BEGIN EC PRIVATE KEY-----\n${secret}`],
  ])("%s is found and not repeated", (_, variable) => {
    const found = complaints([container({ envs: [variable] })]);
    expect(found.map((it) => it.split(":")[0])).toContain("container-secrets-not-in-environment");
    expect(found.join()).not.toContain(secret);
  });

  test.each([
    "KEY_GENERATION=1",
    "JWT_SECRET_FILE=/run/s",
    "USE_TOKEN=true",
    "PUBLIC_KEY=abcdefgh",
    "API_KEY=",
  ])("%s is none", (variable) => {
    expect(complaints([container({ envs: [variable] })])).toEqual([]);
  });
});

describe("a container that is never started", () => {
  test("needs no limits, user or health check, as it has no process", () => {
    expect(complaints([carrier()])).toEqual([]);
  });

  test.each([
    ["started", { start: undefined }],
    ["kept running", { mustRun: undefined }],
  ])("is one that is not %s", (_, changes) => {
    expect(complainers([carrier(changes)])).toContain("container-user");
  });

  test.each([
    ["container-image-pinned", { image: "haproxy:latest" }],
    ["container-not-privileged", { privileged: true }],
    ["container-host-namespaces", { usernsMode: "host" }],
    ["container-secrets-not-in-environment", { envs: ["PASSWORD=abcdefgh"] }],
    ["container-no-docker-socket", mount("/var/run/docker.sock")],
  ])("is judged by %s all the same", (rule, changes) => {
    expect(complainers([carrier(changes)])).toEqual([rule]);
  });
});

describe("services of a node document", () => {
  test("pass when they are compliant", () => {
    expect(complaints([document(), media])).toEqual([]);
  });

  test.each<readonly [rule: string, broken: Props, seen: string]>([
    ["container-image-pinned", { image: "livekit/livekit-server" }, "image is"],
    ["container-user", { user: "0:0" }, '"0:0"'],
    ["container-capabilities", { capabilities: ["CAP_NET_ADMIN"] }, "CAP_NET_ADMIN"],
    ["container-read-only-root", { readOnly: false }, "readOnly is false"],
    ["container-no-new-privileges", { noNewPrivileges: false }, "set noNewPrivileges to true"],
    ["container-limits", { limits: { cpus: 1 } }, "limits.memoryMib is not set"],
    ["container-limits", { limits: { memoryMib: 1 } }, "limits.cpus is not set"],
    ["container-health-check", { healthCheck: { command: [] } }, "healthCheck.command"],
    ["container-host-network", { network: "host" }, "network is"],
    ["container-not-privileged", { privileged: true }, "privileged"],
    ["container-secrets-not-in-environment", { environment: { TOKEN: "abcdefgh" } }, "TOKEN"],
  ])("%s finds what is broken and names the service", (rule, changes, seen) => {
    const good = service({ name: "api", folders: [], image: "node:24.21.0", entrypoint: ["node"] });
    const found = complaints([
      document([good, service({ name: "edge", ...changes })]),
      media,
    ]).filter((it) => it.startsWith("container-"));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${rule}: document, edge: `);
    expect(found[0]).toContain(seen);
  });

  test("container-log-rotation wants both of the document's bounds", () => {
    const content = JSON.stringify({ format: 1, services: [service()], logs: { maxMib: 10 } });
    expect(complainers([document([], { content }), media])).toEqual(["container-log-rotation"]);
  });

  test("an image that is built with the stack is judged where its reference rides", () => {
    const api = service({
      name: "api",
      image: "built-with-the-stack",
      folders: [],
      entrypoint: [],
    });
    expect(complaints([document([api])])).toEqual([]);
    const moving = document([api], { metadata: { "api-image": "api:latest" } });
    expect(complaints([moving]).join()).toContain(
      'document, api: names an image by a tag that moves: image is "api:latest"',
    );
    expect(complainers([document([api], { metadata: undefined })])).toEqual([
      "container-image-pinned",
    ]);
  });

  test.each([
    ["is of a form that nobody knows", { content: '{"format": 2, "services": [{}]}' }],
    ["is no JSON", { content: "{" }],
    ["is a page", { content: "<html>" }],
  ])("none are in an object that %s", (_, changes) => {
    expect(complaints([document([], changes)])).toEqual([]);
  });
});

describe("what is known only while deploying", () => {
  test("an image is judged by the resource that brings it, then by itself", () => {
    expect(complaints([atPreview(container({ image: UNKNOWN_AT_PREVIEW }))])).toEqual([]);
    const brings = resource("docker:index/remoteImage:RemoteImage", { name: "node:latest" });
    expect(complainers([brings])).toEqual(["container-image-pinned"]);
  });

  test.each(["user", "memory", "healthcheck", "securityOpts", "capabilities", "ports", "envs"])(
    "%s is judged then, and the rest before",
    (key) => {
      const unknown = atPreview(container({ readOnly: false, [key]: UNKNOWN_AT_PREVIEW }));
      expect(complainers([unknown])).toEqual(["container-read-only-root"]);
    },
  );
});
