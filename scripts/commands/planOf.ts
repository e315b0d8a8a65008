/** The plan that the program will make of a stack's settings. */
import { networkSetting, parseSettings, stackValues, type Settings } from "../../config.ts";
import { readMachine } from "../../machine/readMachine.ts";
import { makePlan } from "../../plan/makePlan.ts";
import type { Plan } from "../../plan/plan.ts";
import { SettingsError } from "../../settingsError.ts";
import { shortName } from "../pulumi/stackFiles.ts";
import { UserError } from "../userError.ts";

/** Throws a UserError with everything that is wrong with the settings. */
export async function planOf(
  config: Readonly<Record<string, string>>,
  stack: string,
): Promise<{ target: Settings["target"]; plan: Plan }> {
  try {
    const settings = parseSettings(stackValues(config));
    const machine = await readMachine({ network: networkSetting(settings) });
    return {
      target: settings.target,
      plan: makePlan(settings, machine, shortName(stack)),
    };
  } catch (error) {
    if (error instanceof SettingsError) throw new UserError(error.message, [], { cause: error });
    throw error;
  }
}
