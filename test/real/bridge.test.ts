/** A stack whose ports are published, as on Docker Desktop: real CLI, real Docker Engine, real relay. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { connectEngine } from "../../machine/dockerEngine.ts";
import { objectKinds, objectsByLabel } from "../../machine/engineObjects.ts";
import { look } from "../../machine/look.ts";
import { type Checkout, makeCheckout, type Ran } from "../support/checkout.ts";

const STACK = "verbridge";
const LABEL = `dev.turnkey.stack=${STACK}`;
const MINUTE_MS = 60_000;
const MEDIA = { from: 25_100, to: 25_119 };

const STACK_FILE = `config:
  turnkey:target: docker
  turnkey:docker: { network: bridge }
  turnkey:livekit: { port: 25080, metricsPort: 25081 }
  turnkey:rtc: { tcpPort: 25082, mediaPorts: { from: ${MEDIA.from}, to: ${MEDIA.to} } }
  turnkey:turn: { udpPort: 25083, tlsPort: 25084 }
  turnkey:edge: { httpsPort: 25085, turnPort: 25086, metricsPort: 25087 }
  turnkey:api: { port: 25088, metricsPort: 25089 }
`;

const Verified = z.object({
  ok: z.boolean(),
  legs: z.array(
    z.object({ name: z.string(), ok: z.boolean(), result: z.string(), na: z.string().optional() }),
  ),
});

const engine = connectEngine();
let checkout: Checkout;
let firstUp: Ran;

beforeAll(async () => {
  checkout = makeCheckout();
  writeFileSync(join(checkout.folder, `Pulumi.${STACK}.yaml`), STACK_FILE);
  firstUp = await checkout.run("up", "--stack", STACK, "--yes");
}, 15 * MINUTE_MS);

afterAll(async () => {
  await checkout.run("down", "--stack", STACK, "--yes");
  checkout.remove();
}, 3 * MINUTE_MS);

const finished = ({ code, stdout, stderr }: Ran) => ({
  code,
  said: code === 0 ? "" : stdout + stderr,
});
const done = { code: 0, said: "" };

/** Host ports of all docker-proxy processes; a process that has ended meanwhile counts as none. */
function proxiedPorts(): number[] {
  const pids = readdirSync("/proc").filter((it) => /^\d+$/.test(it));
  return pids.flatMap((pid) => {
    const words = commandLine(pid);
    return words[0]?.endsWith("docker-proxy")
      ? [Number(words[words.indexOf("-host-port") + 1])]
      : [];
  });
}

function commandLine(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}

test("npm run up deploys it, proves it and leaves no leg out", () => {
  expect(finished(firstUp)).toEqual(done);
  // What is n/a depends on LiveKit's version alone: all of the bridge's own legs work.
  expect(firstUp.stdout).toMatch(/^(ok|n\/a) +one allocation above the quota is refused/m);
  expect(firstUp.stdout).toMatch(/^all \d+ legs passed(, \d n\/a)?: the relay works$/m);
});

test("LiveKit is in a network of its own, and only the media ports asked for are published", async () => {
  const containers = await objectsByLabel(engine, "container", LABEL);
  const livekit = containers.find(({ name }) => name === `turnkey-${STACK}-livekit`);
  const inspected = look(await engine.json("GET", `/containers/${livekit?.id}/json`));
  expect(inspected.text("HostConfig", "NetworkMode")).not.toBe("host");
  const media = proxiedPorts().filter((port) => MEDIA.from <= port && port <= MEDIA.to);
  const count = MEDIA.to - MEDIA.from + 1;
  expect(new Set(media).size).toBeLessThanOrEqual(count);
  expect(media.length).toBeLessThanOrEqual(2 * count);
});

test(
  "relays pass packets to a peer beside LiveKit, to each other and to a room, and the peer is gone after",
  async () => {
    const ran = await checkout.run("verify", "--stack", STACK, "--json");
    const { ok, legs } = Verified.parse(JSON.parse(ran.stdout));
    expect(legs.filter((it) => !it.ok)).toEqual([]);
    expect({ ok, code: ran.code }).toEqual({ ok: true, code: 0 });
    const passed = legs.filter(({ result }) => result === "ok").map(({ name }) => name);
    for (const name of [
      "UDP relay to direct",
      "TLS relay to direct",
      "UDP relay to UDP relay",
      "TLS relay to UDP relay",
      "signalling over wss",
      "room over the relay",
    ])
      expect(passed).toContain(name);
    const peers = await objectsByLabel(engine, "container", "dev.turnkey.verify=peer");
    expect(peers).toEqual([]);
  },
  MINUTE_MS,
);

test(
  "npm run down leaves nothing of it",
  async () => {
    expect(finished(await checkout.run("down", "--stack", STACK, "--yes"))).toEqual(done);
    for (const kind of objectKinds) expect(await objectsByLabel(engine, kind, LABEL)).toEqual([]);
    expect(proxiedPorts().filter((it) => MEDIA.from <= it && it <= MEDIA.to)).toEqual([]);
  },
  2 * MINUTE_MS,
);
