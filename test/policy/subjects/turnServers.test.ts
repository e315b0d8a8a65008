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
