/** What a stack loses when the Docker Engine is restarted, or dies: everything is back by itself. */
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

/** Whether every service runs and is healthy. */
async function isWhole(): Promise<boolean> {
  try {
    const all = await Promise.all(
      serviceNames.map((name) => inspectService(theEngine().engine, STACK, name)),
    );
    return all.every((it) => it.text("State", "Health", "Status") === "healthy");
  } catch {
    return false; // the engine is not back
  }
}

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

test.each(["SIGTERM", "SIGKILL"] as const)(
  "after %s to dockerd and its start every service is back, the relay proven, and nothing to update",
  async (signal) => {
    const before = await startTimes();
    await theEngine().restart(signal);
    await until(isWhole, 20_000);
    // Told to stop, the engine stops its containers: what was relayed is lost, what was handed out is
    // not. One that is killed leaves them running, and the next may take them over.
    if (signal === "SIGTERM")
      expect(Object.values(await startTimes())).not.toContain(before["livekit"]);
    expect(outcome(await run("verify", "--stack", STACK))).toEqual(success);
    const preview = await run("preview", "--stack", STACK, "--", "--expect-no-changes");
    expect(outcome(preview)).toEqual(success);
  },
  3 * MINUTES,
);
