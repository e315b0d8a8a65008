import { expect, test } from "@jest/globals";
import type { Resource } from "../../../policy/rule.ts";
import { configFilesOf } from "../../../policy/subjects/configFiles.ts";
import { serversOf, turnServersOf } from "../../../policy/subjects/turnServers.ts";
import { atPreview, UNKNOWN_AT_PREVIEW } from "../../support/policy.ts";
import {
  carrier,
  container,
  coturnConf,
  COTURN_IMAGE,
  document,
  LIVEKIT_IMAGE,
  livekitYaml,
  uploads,
} from "./samples.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const conf = coturnConf();
const args = ["turnserver", "-n", "--no-auth", "--user-quota=3"];

test.each<readonly [claim: string, resource: Resource, engine: string, place: string]>([
  ["livekit.yaml", uploads({ "/etc/livekit.yaml": livekitYaml() }), "livekit", "/etc/livekit.yaml"],
  [
    "a file that the command line names",
    uploads({ "/etc/a.cfg": livekitYaml() }, { command: ["--config=/etc/a.cfg"] }),
    "livekit",
    "/etc/a.cfg",
  ],
  [
    "a file in base64",
    carrier({ uploads: [{ file: "/livekit.yml", contentBase64: base64(livekitYaml()) }] }),
    "livekit",
    "/livekit.yml",
  ],
  [
    "the environment",
    container({ image: LIVEKIT_IMAGE, envs: [`LIVEKIT_CONFIG=${livekitYaml()}`] }),
    "livekit",
    "LIVEKIT_CONFIG",
  ],
  [
    "an argument",
    container({ image: LIVEKIT_IMAGE, command: ["--config-body", livekitYaml()] }),
    "livekit",
    "LIVEKIT_CONFIG",
  ],
  ["a node document", document(), "livekit", "/etc/livekit/livekit.yaml"],
  ["turnserver.conf", uploads({ "/etc/turnserver.conf": conf }), "coturn", "/etc/turnserver.conf"],
  [
    "a file that coturn's command line names",
    uploads({ "/etc/a": conf }, { image: COTURN_IMAGE, command: ["-c", "/etc/a"] }),
    "coturn",
    "/etc/a",
  ],
  ["a command line", container({ command: args }), "coturn", "the command line"],
])("a server is found in %s", (_, resource, engine, place) => {
  expect(turnServersOf(resource)).toMatchObject([{ engine, place }]);
});

test.each<readonly [claim: string, resource: Resource]>([
  ["another file", uploads({ "/etc/haproxy.cfg": "global" })],
  [
    "a file whose text is not known yet",
    atPreview(carrier({ uploads: [{ file: "/livekit.yaml", content: UNKNOWN_AT_PREVIEW }] })),
  ],
  [
    "a command line whose file lies elsewhere",
    container({ image: COTURN_IMAGE, command: ["-c", "/a"] }),
  ],
  ["another kind", { ...container({ command: args }), type: "docker:index/volume:Volume" }],
])("no server is found in %s", (_, resource) => {
  expect(serversOf(resource)).toEqual([]);
});

test("the environment's scalars beat those of livekit.yaml", () => {
  const envs = ["LIVEKIT_TURN_RELAY_RANGE_START=40000", "LIVEKIT_TURN_RELAY_RANGE_END=40009"];
  const [server] = serversOf(uploads({ "/livekit.yaml": livekitYaml() }, { envs }));
  expect(server?.relayPorts).toEqual({ from: 40_000, to: 40_009 });
});

test("an argument's scalars beat the environment's", () => {
  const envs = ["LIVEKIT_TURN_TTL_SECONDS=300", "LIVEKIT_TURN_ENABLED=false"];
  const command = ["--turn.enabled", "-turn.ttl_seconds=7", "--rtc.node_ip", "192.0.2.1"];
  const [server] = serversOf(
    uploads({ "/livekit.yaml": livekitYaml() }, { image: LIVEKIT_IMAGE, envs, command }),
  );
  expect(server?.engine === "livekit" && server.setting("turn", "ttl_seconds")).toBe("7");
  expect(server?.engine === "livekit" && server.setting("turn", "enabled")).toBe("true");
  expect(server?.engine === "livekit" && server.setting("rtc", "node_ip")).toBe("192.0.2.1");
});

test("the file that the command line names is read, whatever lies beside it", () => {
  const files = { "/etc/livekit.yaml": livekitYaml(), "/etc/real.conf": "turn: {enabled: true}" };
  const [server] = serversOf(uploads(files, { command: ["--config", "/etc/real.conf"] }));
  expect(server?.place).toBe("/etc/real.conf");
});

test.each(["yes", "On", "y", "true"])("TURN that is switched on by %s is on", (word) => {
  expect(turnServersOf(uploads({ "/livekit.yaml": `turn: {enabled: ${word}}` }))).toHaveLength(1);
});

test.each(["1", "t", "TRUE"])("TURN that a variable switches on by %s is on", (word) => {
  const envs = [`LIVEKIT_TURN_ENABLED=${word}`];
  expect(turnServersOf(uploads({ "/livekit.yaml": "port: 7880" }, { envs }))).toHaveLength(1);
});

test.each(["no", "off", "false"])("TURN that is switched off by %s is off", (word) => {
  expect(turnServersOf(uploads({ "/livekit.yaml": `turn: {enabled: ${word}}` }))).toEqual([]);
});

test("what YAML merges in counts", () => {
  const text = "rtc: &on {enabled: true}\nturn:\n  <<: *on\n";
  expect(turnServersOf(uploads({ "/livekit.yaml": text }))).toHaveLength(1);
});

test("a LiveKit without any file is the server that its arguments and variables make", () => {
  const it = container({ image: LIVEKIT_IMAGE, command: ["--turn.enabled"] });
  expect(turnServersOf(it)).toMatchObject([{ engine: "livekit", allocationsPerUser: undefined }]);
});

test("ports that are not set are those that the server takes", () => {
  const [livekit] = serversOf(uploads({ "/livekit.yaml": "turn: {enabled: true}" }));
  expect(livekit).toMatchObject({
    relayPorts: { from: 30_000, to: 40_000 },
    mediaPorts: { from: 50_000, to: 60_000 },
  });
  const [coturn] = serversOf(uploads({ "/turnserver.conf": "#" }));
  expect(coturn?.relayPorts).toEqual({ from: 49_152, to: 65_535 });
});

test("a command line adds to coturn's file", () => {
  const [server] = serversOf(
    uploads({ "/etc/coturn/turnserver.conf": conf }, { image: COTURN_IMAGE, command: ["-q", "3"] }),
  );
  expect(server).toMatchObject({ allocationsPerUser: 3, relayPorts: { from: 49_152, to: 49_252 } });
});

test("files of a document are those of their service", () => {
  expect(configFilesOf(document())).toMatchObject([
    { part: "livekit", path: "/etc/livekit/livekit.yaml" },
  ]);
});
