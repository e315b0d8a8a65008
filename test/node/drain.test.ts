/** How LiveKit's end is prepared: what its unit, its container and its server API are told. */
import { describe, expect, test } from "@jest/globals";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { TokenVerifier } from "livekit-server-sdk";
import { row } from "../../turn/ports.ts";
import { portOf } from "../support/portOf.ts";
import { prodPlan } from "../support/plans.ts";
import { testDocument } from "./support/documents.ts";
import { python, pythonBeside } from "./support/python.ts";

const document = testDocument({});
const unitOf = (name: string) => {
  const service = document.services.find((it) => it.name === name);
  return String(python("containers", "containers.unit(*given)", [document, service]));
};
const lines = (unit: string, key: string) =>
  unit.split("\n").flatMap((it) => (it.startsWith(`${key}=`) ? [it.slice(key.length + 1)] : []));

describe("LiveKit's unit", () => {
  const unit = unitOf("livekit");

  test("drains when it is stopped, for the seconds of the settings, and ends the container whatever comes", () => {
    const [drain, stop, ...others] = lines(unit, "ExecStop");
    expect(drain).toMatch(/^-\S+ \S+\/drain\.py turnkey-prod-livekit 60 node-status\.json$/);
    expect(stop).toMatch(/docker stop -t 10 turnkey-prod-livekit$/);
    expect(others).toEqual([]);
  });

  test("has longer than that until systemd ends it", () => {
    expect(lines(unit, "TimeoutStopSec")).toEqual(["120"]);
  });

  test("ends at a shutdown before all that calls need", () => {
    const after = lines(unit, "After").join(" ").split(" ");
    const needed = ["docker", "containerd", "turnkey-api", "turnkey-edge"];
    expect(after).toEqual(expect.arrayContaining(needed.map((it) => `${it}.service`)));
    expect(after).toContain("network.target");
  });
});

describe.each(["api", "edge"])("the unit of %s", (name) => {
  test("waits for no call, and outlives LiveKit", () => {
    const unit = unitOf(name);
    expect(unit).not.toContain("drain");
    expect(lines(unit, "ExecStop")).toEqual([
      expect.stringMatching(new RegExp(`docker stop -t 10 turnkey-prod-${name}$`)),
    ]);
    expect(unit).not.toContain("turnkey-livekit.service");
  });
});

test("a container of LiveKit tells where its relays, its server API and its keys are", () => {
  const [livekit] = document.services;
  const told = python("drain", "drain.label_value(*given)", [document.ports, livekit]);
  const { ports } = prodPlan({});
  const { from, to } = row(ports, "relay");
  expect(JSON.parse(String(told))).toEqual({
    relays: { from, to },
    port: row(ports, "signalling").from,
    keys: "/etc/livekit/keys.yaml",
  });
});

const tokenOf = (keys: string) =>
  String(python("drain", "drain.token(*given)", [keys, Math.floor(Date.now() / 1000), "r"]));

describe("the token for LiveKit's server API", () => {
  const secret = "a-secret-of-more-than-32-letters-is-needed";
  test.each([
    ["plain", `APIfirst: ${secret}\nAPIsecond: other\n`],
    ["in quotes", `"APIfirst": "${secret}"\n`],
  ])("is one of the first key, for rooms and who is in one: %s", async (_how, keys) => {
    const claims = await new TokenVerifier("APIfirst", secret).verify(tokenOf(keys));
    expect(claims.video).toEqual({ roomList: true, roomCreate: true, roomAdmin: true, room: "r" });
  });

  test("is of no other secret", async () => {
    const other = createHmac("sha256", "x").update(secret).digest("hex");
    const verifier = new TokenVerifier("APIfirst", other);
    await expect(verifier.verify(tokenOf(`APIfirst: ${secret}\n`))).rejects.toThrow();
  });
});

test("how the node is counts as draining since LiveKit began to end, and nothing else of it changes", () => {
  const status = { state: "applied", wanted: "v2", applied: "v2", problem: null, since: "before" };
  const told = python("drain", "drain.draining(*given)", [JSON.stringify(status), "later"]);
  expect(JSON.parse(String(told))).toEqual({ ...status, state: "draining", since: "later" });
});

/** Who is in rooms at two looks: LiveKit tells two, and then a room of nobody of which it tells nothing. */
async function lookedAtTwice(runs: boolean): Promise<unknown> {
  const rooms = [{ name: "stand-up", num_participants: 2 }];
  const livekit = createServer((request, answer) => {
    if (!request.url?.endsWith("/ListRooms")) return answer.writeHead(500).end();
    answer.end(JSON.stringify({ rooms: rooms.length > 0 ? rooms.splice(0) : [{ name: "other" }] }));
    return undefined;
  }).listen(0, "127.0.0.1");
  await once(livekit, "listening");
  const quiet = 'setattr(drain, "log", lambda *_, **__: None)';
  const engine = 'setattr(drain, "run", lambda *_: json.dumps(given["inspected"]))';
  const keys = 'setattr(drain, "read", lambda _: b"key: secret")';
  const calls = 'drain.Calls("livekit", given["told"], "")';
  const allocations = 'setattr(drain.proof, "live_allocations", lambda _: 0)';
  try {
    return await pythonBeside(
      "drain",
      `[${quiet}, ${engine}, ${keys}, ${allocations}, (lambda it: [it.left()["participants"] for _ in "12"])(${calls})][-1]`,
      {
        inspected: [{ State: { Running: runs } }],
        told: { port: portOf(livekit), relays: {} },
      },
    );
  } finally {
    livekit.close();
  }
}

test.each([
  ["counts those that it told last", true, [2, 2]],
  ["has none once it has ended", false, [2, 0]],
])("a LiveKit that does not tell who is there %s", async (_what, runs, wanted) => {
  expect(await lookedAtTwice(runs)).toEqual(wanted);
});

test("calls get their time also where nobody can be told that they do", () => {
  const nowhere = 'setattr(drain, "MARK", "/dev/null/draining")';
  const told = 'setattr(drain, "log", lambda event, **_: given.append(event))';
  expect(python("drain", `[${nowhere}, ${told}, drain.say([]), given][-1]`, [])).toEqual([
    "draining is not told",
  ]);
});
