/** What a stack loses when the Docker Engine is restarted: everything is back by itself. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { serviceNames } from "../../plan/plan.ts";
import { makeCheckout, type Checkout } from "../support/checkout.ts";
import { startOwnEngine, type OwnEngine } from "../support/ownEngine.ts";
import { inspectService, outcome, success } from "../support/stack.ts";
import { until } from "../support/until.ts";

const STACK = "restarted";
const NAMESPACE = "turnkey-engine";
const MINUTES = 60_000;

let own: OwnEngine | undefined;
let checkout: Checkout;

/** A command of the checkout, in the engine's network and with the engine. */
const run = (...command: string[]) =>
  checkout.exec(
    "ip",
    ["netns", "exec", NAMESPACE, process.execPath, "scripts/bootstrap.mjs", ...command],
    { DOCKER_HOST: theEngine().url },
  );

function theEngine(): OwnEngine {
  if (!own) throw new Error("the engine was not started");
  return own;
}

/** Whether the relay is proven. */
const isProven = async () => (await run("verify", "--stack", STACK)).code === 0;

const startTimes = async () => {
  const all = serviceNames.map(async (name) => {
    const it = await inspectService(theEngine().engine, STACK, name);
    return [name, it.text("State", "StartedAt")] as const;
  });
  return Object.fromEntries(await Promise.all(all));
};

beforeAll(async () => {
  own = await startOwnEngine(NAMESPACE);
  checkout = makeCheckout();
  writeFileSync(
    join(checkout.folder, `Pulumi.${STACK}.yaml`),
    "config:\n  turnkey:target: docker\n",
  );
  expect(outcome(await run("up", "--stack", STACK, "--yes"))).toEqual(success);
}, 15 * MINUTES);

afterAll(async () => {
  if (!own) return;
  await run("down", "--stack", STACK, "--yes");
  checkout.remove();
  await own.remove();
}, 3 * MINUTES);

test(
  "after a restart of dockerd every service is back, the relay proven, and nothing to update",
  async () => {
    const before = await startTimes();
    await theEngine().restart();
    expect(await until(isProven, 30_000)).toBe(true);
    // Every container was started anew: what was relayed is lost, what was handed out is not.
    const after = await startTimes();
    for (const name of serviceNames) expect(after[name]).not.toBe(before[name]);
    const preview = await run("preview", "--stack", STACK, "--", "--expect-no-changes");
    expect(outcome(preview)).toEqual(success);
  },
  3 * MINUTES,
);
