/** The production node as its clients see it, by its name and on their own network. */
import { afterAll, beforeAll } from "@jest/globals";
import { untilApplied } from "../support/node/booted.ts";
import { type Rig, startRig } from "../support/node/rig.ts";
import { awsValues } from "../support/plans.ts";
import { chromiumTests } from "./outside/chromium.ts";
import { httpTests } from "./outside/http.ts";
import { tlsTests } from "./outside/tls.ts";
import { verifyTests } from "./outside/verify.ts";

const MINUTES = 60_000;

let booted: Rig;
beforeAll(async () => {
  booted = await startRig({ api: { ...awsValues.api, diagnostics: true } });
  await untilApplied(booted);
}, 10 * MINUTES);
afterAll(() => booted.remove(), 3 * MINUTES);

const rig = () => booted;

tlsTests(rig);
httpTests(rig);
verifyTests(rig);
chromiumTests(rig);
