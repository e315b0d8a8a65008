/** The generator of the benchmark of the relay counts what is there: nothing of it is timed. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { readyGenerator } from "../../bench/relay/buildGenerator.ts";
import {
  type Generator,
  type Load,
  startGenerator,
  type Target,
} from "../../bench/relay/generator.ts";
import { type BenchWorld, makeWorld } from "../../bench/relay/world.ts";
import { inNamespace } from "../support/networkTools.ts";
import { type Keeper, startKeeper } from "../support/node/keeper.ts";

/** Little enough for any machine, and sent alone. */
const LOAD = { packetsPerSecond: 200, burst: 1, seconds: 1, graceMs: 20_000 } as const;
/** Where not all arrives, this is waited for. */
const SHORT_GRACE_MS = 4_000;

const receiveBuffer = () => readFileSync("/proc/sys/net/core/rmem_default", "utf8");

let keeper: Keeper;
let world: BenchWorld;
let bufferBefore: string;
beforeAll(async () => {
  keeper = startKeeper();
  bufferBefore = receiveBuffer();
  await readyGenerator();
  world = await makeWorld(keeper);
  await world.sites.livekit();
}, 600_000);
afterAll(() => keeper.undo());

async function withGenerator<T>(target: Target, use: (it: Generator) => Promise<T>): Promise<T> {
  const generator = startGenerator(world.network, target);
  try {
    return await use(generator);
  } finally {
    await generator.end();
  }
}

test("what the machine has for all is as it was", () => {
  expect(receiveBuffer()).toBe(bufferBefore);
});

const sendThrough = (name: "direct" | "livekitUdp" | "edgeTls", other: Partial<Load> = {}) =>
  withGenerator(world.systems[name].target, async (it) => {
    await it.open(2);
    return it.send({ ...LOAD, ...other });
  });

describe.each(["direct", "livekitUdp", "edgeTls"] as const)("%s", (name) => {
  test("at a small rate all that is due is sent and arrives", async () => {
    const all = { offered: 200, sent: 200, received: 200 };
    const sent = await sendThrough(name);
    expect(sent).toMatchObject(all);
    expect(sent.p50Ms).toBeGreaterThan(0);
    expect(sent.p99Ms).toBeGreaterThanOrEqual(sent.p50Ms);
    expect(await sendThrough(name, { burst: 8 })).toMatchObject(all);
  });
});

describe("where every tenth packet of clients is dropped", () => {
  beforeAll(async () => {
    const rules = `add table ip lose
      add chain ip lose in { type filter hook prerouting priority filter; }
      add rule ip lose in iifname client udp length > 960 numgen inc mod 10 == 0 drop`;
    await inNamespace(world.network.turn, "nft", rules);
  });
  afterAll(() => inNamespace(world.network.turn, "nft", "delete table ip lose"));

  test.each(["direct", "livekitUdp"] as const)("that many are missing: %s", async (name) => {
    const sent = await sendThrough(name, { graceMs: SHORT_GRACE_MS });
    // Half of them are clients', the others go to them.
    expect(sent).toMatchObject({ sent: 200, received: 190 });
  });
});

describe("allocations", () => {
  const LITTLE = { clients: 2, seconds: 0.2 } as const;

  test.each(["livekitUdp", "edgeTls"] as const)("come and go: %s", async (name) => {
    const churned = await withGenerator(world.systems[name].target, (it) => it.churn(LITTLE));
    expect(churned).toMatchObject({ failures: 0, failure: "" });
    expect(churned.perSecond).toBeGreaterThan(0);
  });

  test("that are refused are counted, with what was said", async () => {
    const { target } = world.systems.livekitUdp;
    if (target.transport === "direct") throw new Error("a relay was wanted");
    const credentials = target.credentials.map((it) => ({ ...it, credential: "another" }));
    const churned = await withGenerator({ ...target, credentials }, (it) => it.churn(LITTLE));
    expect(churned.failures).toBeGreaterThan(0);
    expect(churned.failure).toMatch(/credential is wrong|refused/);
    expect(churned.perSecond).toBe(0);
  });

  test("that are to be held and cannot be end the generator, which says why", async () => {
    const { target } = world.systems.edgeTls;
    const distrusted = { ...target, name: "another.example.com" };
    await expect(withGenerator(distrusted, (it) => it.hold(1))).rejects.toThrow(
      /allocation 1 of 1: .*another\.example\.com/,
    );
  });
});
