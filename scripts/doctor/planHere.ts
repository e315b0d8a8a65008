/** The plan of a stack's settings, with an engine or without one. */
import { networkSetting, parseSettings, stackValues } from "../../config.ts";
import { EngineError } from "../../machine/engineError.ts";
import { readLocalImages } from "../../machine/localImages.ts";
import { makePlan } from "../../plan/makePlan.ts";
import type { Plan } from "../../plan/plan.ts";
import { LOOPBACK } from "../../turn/ports.ts";
import { planOf } from "../commands/planOf.ts";
import { shortName } from "../pulumi/stackFiles.ts";
import type { DoctorContext } from "./check.ts";
import { stackConfig } from "./stackConfig.ts";
import type { StackRecord } from "./stackRecord.ts";

/**
 * Throws a UserError when the settings are wrong. Where no engine says what network it has, the plan is
 * that of a native one on the address of the last deployment.
 */
export async function planHere(
  { stack, project }: Pick<DoctorContext, "stack" | "project">,
  record: StackRecord | undefined,
): Promise<Plan> {
  const config = stackConfig(project, stack);
  try {
    return (await planOf(config, stack)).plan;
  } catch (error) {
    if (!(error instanceof EngineError) || error.kind === "unfit") throw error;
    const settings = parseSettings(stackValues(config));
    const machine = {
      nodeAddress: record?.outputs?.nodeAddress ?? LOOPBACK,
      network: networkSetting(settings) ?? "host",
      localImages: readLocalImages(),
    } as const;
    return makePlan(settings, machine, shortName(stack));
  }
}
