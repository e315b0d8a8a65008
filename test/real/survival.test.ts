/** What a stack loses when one of its processes dies: each is back by itself. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectEngine } from "../../machine/dockerEngine.ts";
import type { ServiceName } from "../../plan/plan.ts";
import type { StackOutputs } from "../../turn/outputs.ts";
import { parseIceUrl } from "../../verify/iceUrl.ts";
import { openRelay } from "../../verify/relay.ts";
import { makeCheckout, type Checkout } from "../support/checkout.ts";
import { credentialOf, streamThrough } from "../support/relayStream.ts";
import { inspectService, outcome, outputsOf, success } from "../support/stack.ts";
import { until } from "../support/until.ts";

const STACK = "survive";
const MINUTES = 60_000;
const STACK_FILE = `config:
  turnkey:target: docker
  turnkey:livekit: { port: 29880, metricsPort: 29789 }
  turnkey:rtc: { tcpPort: 29881, mediaPorts: { from: 29100, to: 29140 } }
  turnkey:turn: { udpPort: 29080, tlsPort: 29349 }
  turnkey:edge: { httpsPort: 29443, turnPort: 29350, metricsPort: 29404 }
  turnkey:api: { port: 29890, metricsPort: 29891 }
`;

const engine = connectEngine();
let checkout: Checkout;
let outputs: StackOutputs;

const processOf = async (service: ServiceName) =>
  (await inspectService(engine, STACK, service)).number("State", "Pid");

/** Kills the service's process from outside: the engine takes it for a crash, and its policy holds. */
async function crash(service: ServiceName): Promise<void> {
  const pid = await processOf(service);
  process.kill(pid, "SIGKILL");
  await until(async () => (await processOf(service)) !== pid);
}

const url = (start: string) => {
  const found = outputs.iceUrls.find((it) => it.startsWith(start));
  if (found === undefined) throw new Error(`no ICE URL starts with ${start}`);
  return found;
};

/** Whether a relay is to be had, with the credential of before. */
async function relays(iceUrl: string, credential: ReturnType<typeof credentialOf>) {
  const signal = AbortSignal.timeout(1_000);
  try {
    const it = await openRelay(parseIceUrl(iceUrl), {
      ca: outputs.caCertificate,
      credential,
      signal,
    });
    await it.client.close();
    return true;
  } catch {
    return false;
  }
}

const answers = async (address: string) => {
  try {
    return (await fetch(address)).ok;
  } catch {
    return false;
  }
};

beforeAll(async () => {
  checkout = makeCheckout();
  writeFileSync(join(checkout.folder, `Pulumi.${STACK}.yaml`), STACK_FILE);
  expect(outcome(await checkout.run("up", "--stack", STACK, "--yes"))).toEqual(success);
  outputs = await outputsOf(checkout, STACK);
}, 15 * MINUTES);

afterAll(async () => {
  await checkout.run("down", "--stack", STACK, "--yes");
  checkout.remove();
}, 3 * MINUTES);

test(
  "the API's process dies: it is back in 5 s, and no relay loses a packet",
  async () => {
    const stream = await streamThrough(url("turn:"), outputs);
    await crash("api");
    expect(await until(() => answers(`${outputs.apiUrl}/healthz`), 5_000)).toBe(true);
    const { sent, received } = await stream.stop();
    expect(sent).toBeGreaterThan(0);
    expect(received).toBe(sent);
  },
  MINUTES,
);

test(
  "the edge's process dies: TURN/TLS is back in 5 s, and a relay over UDP loses no packet",
  async () => {
    const credential = credentialOf(outputs);
    const stream = await streamThrough(url("turn:"), outputs);
    await crash("edge");
    expect(await until(() => relays(url("turns:"), credential), 5_000)).toBe(true);
    const { sent, received } = await stream.stop();
    expect(sent).toBeGreaterThan(0);
    expect(received).toBe(sent);
  },
  MINUTES,
);

test(
  "LiveKit's process dies: its relays end, and the same credential opens new ones within 10 s",
  async () => {
    const credential = credentialOf(outputs);
    const stream = await streamThrough(url("turn:"), outputs, credential);
    await crash("livekit");
    const again = () => relays(url("turn:"), credential);
    expect(await until(again, 10_000)).toBe(true);
    expect(await until(() => relays(url("turns:"), credential), 10_000)).toBe(true);
    const { sent, received } = await stream.stop();
    expect(received).toBeLessThan(sent);
  },
  MINUTES,
);

test(
  "after all of that the relay is proven, and nothing is left to update",
  async () => {
    expect(outcome(await checkout.run("verify", "--stack", STACK))).toEqual(success);
    const preview = await checkout.run("preview", "--stack", STACK, "--", "--expect-no-changes");
    expect(outcome(preview)).toEqual(success);
  },
  2 * MINUTES,
);
