/** The plan that the program will make of a stack's settings. */
import { parseSettings, stackValues, type Settings } from "../../config.ts";
import { givenCertificate } from "../../machine/givenCertificate.ts";
import { type LanChoice, readLanChoice } from "../../machine/lanChoice.ts";
import { LanError } from "../../machine/lanError.ts";
import { machineFor } from "../../machine/machineFor.ts";
import { makePlan } from "../../plan/makePlan.ts";
import type { Plan } from "../../plan/plan.ts";
import { SettingsError } from "../../settingsError.ts";
import { project } from "../pulumi/project.ts";
import { shortName } from "../pulumi/stackFiles.ts";
import { UserError } from "../userError.ts";

export interface PlanWishes {
  /** In place of the choice that is kept for the stack; undefined serves this machine alone. */
  readonly lan: LanChoice | undefined;
}

/** Throws a UserError with everything that is wrong with the settings, or with the choice to serve a LAN. */
export async function planOf(
  config: Readonly<Record<string, string>>,
  stack: string,
  wishes?: PlanWishes,
): Promise<{ target: Settings["target"]; plan: Plan }> {
  try {
    const settings = parseSettings(stackValues(config));
    const { lan } = wishes ?? { lan: readLanChoice(shortName(stack)) };
    const machine = await machineFor(settings, lan);
    const plan = makePlan(settings, machine, shortName(stack));
    givenCertificate(settings.certificate, {
      names: plan.certificateNames,
      folder: project,
      now: new Date(),
    });
    return { target: settings.target, plan };
  } catch (error) {
    if (error instanceof SettingsError) throw new UserError(error.message, [], { cause: error });
    if (error instanceof LanError) throw new UserError(error.what, error.mend, { cause: error });
    throw error;
  }
}
