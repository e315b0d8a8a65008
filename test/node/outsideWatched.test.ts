/** The production node as its operator sees it: who may do what on it, what it tells AWS, and that no secret is anywhere. */
import { afterAll, beforeAll } from "@jest/globals";
import { untilApplied } from "../support/node/booted.ts";
import { type Rig, startRig } from "../support/node/rig.ts";
import { firewallTests } from "./outside/firewall.ts";
import { logsTests } from "./outside/logs.ts";
import { metricsTests } from "./outside/metrics.ts";
import { rightsTests } from "./outside/rights.ts";
import { secretsTests } from "./outside/secrets.ts";

const MINUTES = 60_000;

let booted: Rig;
beforeAll(async () => {
  booted = await startRig();
  await untilApplied(booted);
}, 10 * MINUTES);
afterAll(() => booted.remove(), 3 * MINUTES);

const rig = () => booted;

rightsTests(rig);
firewallTests(rig);
metricsTests(rig);
logsTests(rig);
secretsTests(rig);
