import * as pulumi from "@pulumi/pulumi";
import { bundleApi } from "./api/bundle.ts";
import { Certificate } from "./components/certificate.ts";
import { hostOf } from "./components/hosts.ts";
import { Keys } from "./components/keys.ts";
import { stackOutputs } from "./components/stackOutputs.ts";
import { readSettings } from "./config.ts";
import { localCa } from "./machine/localCa.ts";
import { readMachine } from "./machine/readMachine.ts";
import { makePlan } from "./plan/makePlan.ts";

/** The program: settings -> plan -> components -> outputs. */
export default async function turnkey() {
  const settings = readSettings();
  const Host = hostOf(settings.target);
  const plan = makePlan(settings, await readMachine(), pulumi.getStack());
  const ca = await localCa();

  const keys = new Keys("keys", { apiJwtSecret: settings.api.jwtSecret });
  const turn = new Certificate("turn", { names: plan.certificateNames, ca });
  const late = { ...keys.files, turnCertificate: turn.chainPem, turnCertificateKey: turn.keyPem };
  new Host("host", { plan, late, bundles: { api: await bundleApi(".turnkey/api.mjs") } });

  return stackOutputs(plan, keys, ca);
}
