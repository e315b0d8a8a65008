/** Sample settings, machine and plan for tests. */
import { parseSettings } from "../../config.ts";
import { makePlan } from "../../plan/makePlan.ts";
import type { Machine } from "../../plan/machine.ts";

export const laptop: Machine = { nodeAddress: "127.0.0.1", network: "host", localImages: {} };

/** The settings of a docker stack in which `values` are set. */
export const dockerSettings = (values: Readonly<Record<string, unknown>> = {}) =>
  parseSettings({ target: "docker", ...values });

export const devPlan = (values: Readonly<Record<string, unknown>> = {}, machine = laptop) =>
  makePlan(dockerSettings(values), machine, "dev");
