/** A production node, booted by its user data alone behind a one-to-one NAT. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { join } from "node:path";
import { signApiToken } from "../../turn/apiToken.ts";
import { inNamespace } from "../support/networkTools.ts";
import { ask } from "../support/node/ask.ts";
import { account, statusOf, untilApplied } from "../support/node/booted.ts";
import { nodeProgram } from "../support/node/nodeProgram.ts";
import { ACME_DIRECTORY, CLIENT, NETWORK, NODE, NODE_NAME, WORLD } from "../support/node/places.ts";
import { type Rig, startRig } from "../support/node/rig.ts";
import { soon } from "../support/node/soon.ts";
import { PhoneReport, type PhoneTask } from "../support/phone.ts";
import { awsValues } from "../support/plans.ts";

const SECONDS = 1_000;
const MINUTES = 60 * SECONDS;

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
}, 5 * MINUTES);
afterAll(() => rig.remove(), 3 * MINUTES);

const inNode = (...command: string[]) => rig.node.run(command, 20 * SECONDS);
/** What a program in Python prints on the node. */
const python = async (program: string) => (await inNode("python3", "-c", program)).trim();
const fromClient = (url: string, ca?: string) =>
  ask(rig.internet.client, { ca, limitMs: 3 * SECONDS, questions: [{ url }] });

test(
  "cloud-init does all that the user data say",
  async () => {
    const wait = ["cloud-init", "status", "--wait", "--format", "json"];
    const printed = await rig.node.run(wait, 4 * MINUTES);
    // Dots while it waits come first.
    const told: unknown = JSON.parse(printed.replace(/^\.*/, ""));
    expect(told).toMatchObject({ status: "done", errors: [], datasource: "nocloud" });
  },
  5 * MINUTES,
);

test("the agent runs, and nothing has failed", async () => {
  expect((await inNode("systemctl", "is-active", "turnkey-agent.service")).trim()).toBe("active");
  expect(
    (await inNode("systemctl", "list-units", "--failed", "--plain", "--no-legend")).trim(),
  ).toBe("");
});

test(
  "it finds the newest document by its role, asked by version 2 of the metadata service",
  async () => {
    const wants = async () => (await statusOf(rig)).wanted === rig.document;
    const otherwise = () => account(rig);
    await soon(() => wants().catch(() => false), { withinMs: MINUTES, otherwise });
    const asked = rig.world.askedOfMetadata();
    expect(asked).toContain("200 PUT /latest/api/token");
    expect(asked.filter((it) => !it.startsWith("200 "))).toEqual([]);
  },
  2 * MINUTES,
);

test(
  "it applies the document, and is ready as seen from the internet",
  async () => {
    await untilApplied(rig);
    const [answer] = await fromClient(
      `https://${rig.host}/readyz?without=address`,
      await rig.trusted(),
    );
    expect(answer).toMatchObject({ status: 200 });
  },
  5 * MINUTES,
);

test("no container is woken in the place of another", async () => {
  const inspect = ["docker", "inspect", "--format", "{{.State.Pid}}"];
  const pids = await inNode(
    ...inspect,
    "turnkey-prod-livekit",
    "turnkey-prod-api",
    "turnkey-prod-edge",
  );
  const classes = pids
    .trim()
    .split("\n")
    .map((pid) => python(`import os; print(os.sched_getscheduler(${pid}) == os.SCHED_BATCH)`));
  expect(await Promise.all(classes)).toEqual(["True", "True", "True"]);
});

test(
  "the certificate is the authority's, for its name, and nobody trusts it who does not trust that",
  async () => {
    const url = `https://${rig.host}/readyz`;
    const ca = await rig.trusted();
    const ready = async () => {
      const [answer] = await fromClient(url, ca).catch(() => []);
      return answer?.status === 200;
    };
    await soon(ready, { withinMs: 2 * MINUTES, otherwise: () => account(rig) });
    await expect(fromClient(url)).rejects.toThrow("unable to get local issuer certificate");
    await expect(fromClient(`https://${NODE.public}/readyz`, ca)).rejects.toThrow(
      "does not match certificate's altnames",
    );
  },
  4 * MINUTES,
);

test(
  "a client on the internet relays by every URL that the API gives it, and only to where relays may",
  async () => {
    const subject = "alice";
    const life = { ttlSeconds: 60, now: new Date() };
    const task: PhoneTask = {
      address: CLIENT.address,
      origin: `https://${rig.host}`,
      ca: await rig.trusted(),
      token: await signApiToken(awsValues.api.signIn.secret, { subject, ...life }),
      forbidden: [NETWORK.metadata, NODE.private, "127.0.0.1"],
      closed: [],
    };
    const program = join(import.meta.dirname, "..", "support", "phoneMain.ts");
    const command = nodeProgram(program, JSON.stringify(task));
    const reported = await inNamespace(rig.internet.client, ...command);
    const { relays } = PhoneReport.parse(JSON.parse(reported));
    const refused = Object.fromEntries(task.forbidden.map((it) => [it, 403]));
    expect(relays).toEqual({
      [`turn:${NODE_NAME}:443?transport=udp`]: { relay: NODE.public, forbidden: refused },
      [`turns:${NODE_NAME}:443?transport=tcp`]: { relay: NODE.public, forbidden: refused },
      [`turns:${NODE_NAME}:5349?transport=tcp`]: { relay: NODE.public, forbidden: refused },
    });
  },
  MINUTES,
);

describe("the address", () => {
  test("is the public one to itself, with the port it sends from: the way of relay to relay", async () => {
    const echo = `
import socket
it = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
it.bind(("0.0.0.0", 59999))
it.settimeout(5)
it.sendto(b"hello", ("${NODE.public}", 59999))
print(*it.recvfrom(99)[1])`;
    expect(await python(echo)).toBe(`${NODE.public} 59999`);
  });

  test("is known to the node as the one in its network", async () => {
    expect(await inNode("ip", "-brief", "address", "show", "eth0")).toContain(NODE.private);
    expect(await inNode("ip", "address")).not.toContain(NODE.public);
  });
});

describe("the security group", () => {
  beforeAll(() => inNode("systemd-run", "--unit=stray", "python3", "-m", "http.server", "8080"));
  afterAll(() => inNode("systemctl", "stop", "stray.service"));

  test(
    "drops what goes to a port that is none of the table, and nothing else does",
    async () => {
      const stray = `http://${NODE.private}:8080/`;
      const local = `import urllib.request as u; print(u.urlopen("${stray}", timeout=5).status)`;
      await soon(
        () =>
          python(local).then(
            (it) => it === "200",
            () => false,
          ),
        {
          withinMs: 10 * SECONDS,
          otherwise: () => "the listener does not listen",
        },
      );
      const before = await rig.internet.refused("ingress");
      await expect(fromClient(`http://${NODE.public}:8080/`)).rejects.toThrow();
      expect(await rig.internet.refused("ingress")).toBeGreaterThan(before);
    },
    60 * SECONDS,
  );

  test("lets the node begin nothing but what it says", async () => {
    const before = await rig.internet.refused("egress");
    const connect = `
import socket
try:
    socket.create_connection(("${WORLD.dns}", 8055), 2)
    print("open")
except TimeoutError:
    print("dropped")`;
    expect(await python(connect)).toBe("dropped");
    expect(await rig.internet.refused("egress")).toBeGreaterThan(before);
  });
});

test("the certificate authority is there for it, by a name and a certificate that it trusts", async () => {
  const directory = `
import json, urllib.request as u
print(*sorted(json.load(u.urlopen("${ACME_DIRECTORY}", timeout=5))))`;
  expect(await python(directory)).toContain("newOrder");
});
