import * as pulumi from "@pulumi/pulumi";
import { parseSettings, stackValues } from "../config.ts";
import { givenCertificate } from "../machine/givenCertificate.ts";
import { readLanChoice } from "../machine/lanChoice.ts";
import { machineFor } from "../machine/machineFor.ts";
import { isEncryptedKey } from "../machine/encryptedKeys.ts";
import { requireBucketName } from "../plan/documentBucket.ts";
import { makePlan } from "../plan/makePlan.ts";
import { requireEncrypted } from "../settings/clearSecrets.ts";
import type { HostArgs } from "./host.ts";
import { declareHost } from "./hosts.ts";
import { Keys } from "./keys.ts";
import { mendable } from "./mendable.ts";
import { servedCertificate } from "./servedCertificate.ts";
import { stackOutputs } from "./stackOutputs.ts";
import { trustWarning } from "./trustWarning.ts";

/** Declares everything of the stack that Pulumi runs the program for: settings -> plan -> components -> outputs. */
export async function declareStack(bundling: Promise<HostArgs["bundles"]>) {
  const now = new Date();
  const { settings, plan, planAt, given } = await mendable(() => readStack(now));

  const keys = new Keys("keys", {
    generations: plan.keyGenerations,
    signIn: settings.api.signIn,
    iceSources: settings.api.iceSources,
  });
  const warning = settings.target === "aws" && trustWarning(settings.certificate, given);
  if (warning) await pulumi.log.warn(warning);
  // A node of a cloud orders its own where none is given.
  const certificate =
    given || settings.target === "docker"
      ? await servedCertificate("turn", { names: plan.certificateNames, given, now })
      : undefined;
  const host = await declareHost("host", settings, {
    plan,
    late: { ...keys.files, ...certificate?.files },
    bundles: await bundling,
  });

  const caCertificate = certificate?.caCertificate;
  return stackOutputs({ target: settings.target, plan, planAt, host, keys, caCertificate });
}

/** What the stack says, and what it meets: checked before anything is declared. */
async function readStack(now: Date) {
  const values = stackValues(pulumi.runtime.allConfig());
  const settings = parseSettings(values);
  if (settings.target === "aws") {
    requireEncrypted(values, isEncryptedKey);
    requireBucketName(pulumi.getStack(), settings.aws.region);
  }
  const machine = await machineFor(settings, readLanChoice(pulumi.getStack()));
  const planAt = (nodeAddress: string) =>
    makePlan(settings, { ...machine, nodeAddress }, pulumi.getStack());
  const plan = planAt(machine.nodeAddress);
  const given = givenCertificate(settings.certificate, {
    names: plan.certificateNames,
    folder: process.cwd(),
    now,
  });
  return { settings, plan, planAt, given };
}
