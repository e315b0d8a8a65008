/** What the scripts of a document refuse, and what they make of it. */
import { describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { BUILT_API_IMAGE, PRIVATE_ADDRESS, PUBLIC_ADDRESS } from "../../plan/nodeDocument.ts";
import { ADDRESS, API_IMAGE, LATE, testDocument } from "./support/documents.ts";
import { python } from "./support/python.ts";

const document = testDocument({ edge: { httpsPort: 443 } });
const [livekit] = document.services;
if (livekit === undefined) throw new Error("prod has no service");
const [folder] = livekit.folders;
if (folder === undefined) throw new Error("LiveKit has no folder");

const check = (of: unknown, late: object = LATE) =>
  python("apply", "apply.check(*given)", [of, late]);
const withLivekit = (change: object) => ({ ...document, services: [{ ...livekit, ...change }] });
const withFile = (file: object) => withLivekit({ folders: [{ ...folder, files: [file] }] });

test("what prod makes passes", () => {
  expect(check(document)).toBeNull();
});

describe("a document is refused that", () => {
  test.each([
    ["has no ports", { ...document, ports: undefined }, "it has no ports"],
    [
      "has ports that end before they begin",
      {
        ...document,
        ports: [{ name: "relay", protocol: "udp", exposure: "public", from: 2, to: 1 }],
      },
      "port row relay",
    ],
    [
      "sets what is not the network's",
      { ...document, sysctls: { "kernel.panic": "1" } },
      "sysctl kernel.panic",
    ],
    [
      "names a service twice",
      { ...document, services: [livekit, livekit] },
      "two services have one name",
    ],
    [
      "calls a service as a unit of ours",
      withLivekit({ name: "agent" }),
      "a service is called agent",
    ],
    [
      "has no way to ask LiveKit who is there",
      { ...document, ports: document.ports.filter(({ name }) => name !== "signalling") },
      "livekit has no relays, or no signalling",
    ],
    [
      "has no keys to ask LiveKit with",
      withLivekit({ folders: [] }),
      "livekit has no file of livekitKeys",
    ],
    ["calls a service by a path", withLivekit({ name: "../x" }), "a service is called ../x"],
    ["has a service without limits", withLivekit({ limits: undefined }), "livekit has no limits"],
    [
      "wants a network of its own",
      withLivekit({ network: "bridge" }),
      "livekit wants network bridge",
    ],
    ["wants a root to write to", withLivekit({ readOnly: false }), "livekit wants readOnly False"],
    ["wants new privileges", withLivekit({ noNewPrivileges: false }), "noNewPrivileges False"],
    ["names its user", withLivekit({ user: "nobody" }), "livekit runs as nobody"],
    [
      "has a file elsewhere",
      withFile({ path: "/etc/passwd", mode: "0400", text: "" }),
      "/etc/passwd is outside",
    ],
    [
      "tells how the node is where nothing may change",
      withLivekit({ environment: { NODE_STATUS_FILE: `${folder.path}/status.json` } }),
      "status.json is in no live folder",
    ],
    ["climbs", withFile({ path: `${folder.path}/../x`, mode: "0400", text: "" }), "is outside"],
    [
      "has a file deeper",
      withFile({ path: `${folder.path}/a/b`, mode: "0400", text: "" }),
      "lies deeper",
    ],
    ["has a file without a mode", withFile({ path: `${folder.path}/a`, text: "" }), "has no mode"],
    [
      "has a setuid file",
      withFile({ path: `${folder.path}/a`, mode: "4755", text: "" }),
      "has no mode",
    ],
    [
      "has a file of nothing",
      withFile({ path: `${folder.path}/a`, mode: "0400" }),
      "holds nothing known",
    ],
  ])("%s", (_case, of, told) => {
    expect(() => check(of)).toThrow(told);
  });

  test.each([
    ["the node's address", { "node-address": "" }, "no node-address beside it"],
    ["an address that is one", { "node-address": "example.com" }, "no node-address beside it"],
    ["the API's image", { "api-image": "" }, "no api-image beside it"],
    [
      "a version of every secret",
      { secrets: "livekitKeys=1" },
      "no version of iceSources, roomKey",
    ],
  ])("comes without %s", (_case, late, told) => {
    expect(() => check(document, { ...LATE, ...late })).toThrow(told);
  });
});

test("a live folder of another user is another one, so that its files are that user's", () => {
  const users = ["65532:65532", "65533:65533", "65533:65533"].map((user) => ({ ...livekit, user }));
  const places = python("containers", "[containers.live_place(it, 0) for it in given]", users);
  expect(new Set(z.array(z.string()).parse(places)).size).toBe(2);
});

test("placeholders give way to what the node knows", () => {
  const services = JSON.stringify(
    python("apply", "apply.resolve(*given)['services']", [document, LATE, "10.77.0.9"]),
  );
  for (const it of [PUBLIC_ADDRESS, PRIVATE_ADDRESS, BUILT_API_IMAGE])
    expect(services).not.toContain(it);
  expect(services).toContain(`"NODE_IP":"${ADDRESS}"`);
  expect(services).toContain(`"image":"${API_IMAGE}"`);
  expect(services).toContain('"PRIVATE_ADDRESS":"10.77.0.9"');
});
