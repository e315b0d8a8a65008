import * as pulumi from "@pulumi/pulumi";
import { bundleApi } from "./api/bundle.ts";
import { Certificate } from "./components/certificate.ts";
import { hostOf } from "./components/hosts.ts";
import { Keys } from "./components/keys.ts";
import { mendable } from "./components/mendable.ts";
import { stackOutputs } from "./components/stackOutputs.ts";
import { networkSetting, parseSettings, stackValues } from "./config.ts";
import { BUILD_FOLDER } from "./machine/folders.ts";
import { localCa } from "./machine/localCa.ts";
import { readMachine } from "./machine/readMachine.ts";
import { makePlan } from "./plan/makePlan.ts";

/** The program: settings -> plan -> components -> outputs. */
export default async function turnkey() {
  const { settings, Host, machine } = await mendable(readStack);
  const plan = makePlan(settings, machine, pulumi.getStack());
  const ca = await localCa();

  const keys = new Keys("keys", { apiJwtSecret: settings.api.jwtSecret });
  const certificate = new Certificate("turn", { names: plan.certificateNames, ca });
  const late = { ...keys.files, ...certificate.files };
  new Host("host", { plan, late, bundles: { api: await bundleApi(`${BUILD_FOLDER}/api.mjs`) } });

  return stackOutputs(plan, keys, ca);
}

/** What the stack says, and what it meets: checked before anything is declared. */
async function readStack() {
  const settings = parseSettings(stackValues(pulumi.runtime.allConfig()));
  const machine = await readMachine({ network: networkSetting(settings) });
  return { settings, Host: hostOf(settings.target), machine };
}
