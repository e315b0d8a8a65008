import * as pulumi from "@pulumi/pulumi";
import { writeBundles } from "./api/bundle.ts";
import { hostOf } from "./components/hosts.ts";
import { Keys } from "./components/keys.ts";
import { mendable } from "./components/mendable.ts";
import { servedCertificate } from "./components/servedCertificate.ts";
import { stackOutputs } from "./components/stackOutputs.ts";
import { certificateSettings, networkSetting, parseSettings, stackValues } from "./config.ts";
import { BUILD_FOLDER } from "./machine/folders.ts";
import { givenCertificate } from "./machine/givenCertificate.ts";
import { readLanChoice } from "./machine/lanChoice.ts";
import { readMachine } from "./machine/readMachine.ts";
import { makePlan } from "./plan/makePlan.ts";

/** The program: settings -> plan -> components -> outputs. */
export default async function turnkey() {
  const now = new Date();
  const bundling = writeBundles(BUILD_FOLDER); // takes as long as all the rest, beside it
  const { settings, Host, plan, given } = await mendable(() => readStack(now));

  const keys = new Keys("keys", {
    generations: plan.keyGenerations,
    signIn: settings.api.signIn,
    iceSources: settings.api.iceSources,
  });
  const certificate = await servedCertificate("turn", { names: plan.certificateNames, given, now });
  const caCertificate = pulumi.output(certificate.caCertificate);
  const late = { ...keys.files, ...certificate.files, caCertificate };
  new Host("host", { plan, late, bundles: await bundling });

  return stackOutputs(plan, keys, certificate);
}

/** What the stack says, and what it meets: checked before anything is declared. */
async function readStack(now: Date) {
  const settings = parseSettings(stackValues(pulumi.runtime.allConfig()));
  const machine = await readMachine({
    network: networkSetting(settings),
    lan: readLanChoice(pulumi.getStack()),
  });
  const plan = makePlan(settings, machine, pulumi.getStack());
  const given = givenCertificate(certificateSettings(settings), {
    names: plan.certificateNames,
    folder: process.cwd(),
    now,
  });
  return { settings, Host: hostOf(settings.target), plan, given };
}
