import { afterEach, describe, expect, test } from "@jest/globals";
import type { StackOutputs } from "../../turn/outputs.ts";
import { udp } from "../../turn/ports.ts";
import { quotaLeg } from "../../verify/quotaLeg.ts";
import { deploymentTarget, stackTarget } from "../../verify/target.ts";
import { type FakeTurn, fakeTurn, type FakeTurnOptions } from "./fakeTurn.ts";
import { advertise, contextFor, stack, turnKey } from "./stack.ts";

const servers: FakeTurn[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** The leg against a server with that quota, for a stack that should have the one in its outputs. */
async function legWith(options: Partial<FakeTurnOptions>, outputs: Partial<StackOutputs>) {
  const server = await fakeTurn({ turnKey, ...options });
  servers.push(server);
  const target = stack({ livekitVersion: "1.13.11", allocationsPerUser: 4, ...outputs });
  const relay = advertise(`turn:127.0.0.1:${server.port}?transport=udp`);
  return { server, leg: await quotaLeg(contextFor(target), relay) };
}

describe("the quota", () => {
  test("is reached and not passed, and every allocation is given back", async () => {
    const { leg, server } = await legWith({ quota: 4 }, {});
    expect(leg).toMatchObject({ ok: true });
    expect(leg.na).toBeUndefined();
    expect(server.allocations).toEqual({ now: 0, most: 4 });
  });

  test("that does not exist fails the leg, and every allocation is given back", async () => {
    const { leg, server } = await legWith({}, {});
    expect(leg).toMatchObject({ ok: false, cause: expect.stringMatching(/more allocations than/) });
    expect(server.allocations).toEqual({ now: 0, most: 5 });
  });

  test("that is lower than the stack says fails the leg", async () => {
    const { leg, server } = await legWith({ quota: 3 }, {});
    expect(leg).toMatchObject({ ok: false, cause: expect.stringMatching(/486/) });
    expect(server.allocations.now).toBe(0);
  });

  const media = udp("media", { from: 21_100, to: 21_200 }, "media");
  const fewPorts = [
    media,
    { ...udp("relay", { from: 21_100, to: 21_103 }, "relays"), within: "media" as const },
  ];
  test.each<{ why: string; outputs: Partial<StackOutputs>; reason: RegExp }>([
    {
      why: "an old LiveKit",
      outputs: { livekitVersion: "1.13.5" },
      reason: /1\.13\.5 has no quota/,
    },
    {
      why: "no quota in the outputs",
      outputs: { allocationsPerUser: undefined },
      reason: /names no/,
    },
    {
      why: "a huge quota",
      outputs: { allocationsPerUser: 65 },
      reason: /is 65; verify takes at most 64/,
    },
    { why: "fewer relay ports", outputs: { ports: fewPorts }, reason: /only 4 relay ports/ },
  ])("is n/a with $why, and nothing is allocated", async ({ outputs, reason }) => {
    const { leg, server } = await legWith({ quota: 4 }, outputs);
    expect(leg).toMatchObject({ ok: true, na: expect.stringMatching(reason) });
    expect(server.allocations.most).toBe(0);
  });

  test("is tried when the version that runs is said to have one", async () => {
    const outputs = stack({ allocationsPerUser: 4 });
    const relay = advertise("turn:127.0.0.1:1?transport=udp");
    const leg = await quotaLeg(
      contextFor(outputs, stackTarget(outputs, { livekitVersion: "1.13.6" })),
      relay,
    );
    expect(leg.ok).toBe(false);
  });

  test("is n/a without the stack's key: it would be a user's own", async () => {
    const target = deploymentTarget({ url: "http://127.0.0.1:1", token: "x" });
    const relay = advertise("turn:127.0.0.1:1?transport=udp");
    const leg = await quotaLeg(contextFor(stack(), target), relay);
    expect(leg).toMatchObject({ ok: true, na: expect.stringMatching(/the stack's TURN key/) });
  });
});
