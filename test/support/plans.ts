/** Sample settings, machine and plan for tests. */
import { parseSettings } from "../../config.ts";
import { cloudMachine } from "../../plan/cloudMachine.ts";
import { makePlan } from "../../plan/makePlan.ts";
import type { Machine } from "../../plan/machine.ts";
import { PUBLIC_ADDRESS } from "../../plan/nodeDocument.ts";

export const laptop: Machine = { nodeAddress: "127.0.0.1", network: "host", localImages: {} };

/** The settings of a docker stack in which `values` are set. */
export const dockerSettings = (values: Readonly<Record<string, unknown>> = {}) =>
  parseSettings({ target: "docker", ...values });

/** What nobody can leave out of a stack on AWS. */
export const awsValues = {
  target: "aws",
  aws: { region: "eu-central-1" },
  api: { signIn: { kind: "jwt", secret: "a secret of one's own, long enough" } },
} as const;

/** The settings of a stack on AWS in which `values` are set, group by group. */
export const awsSettings = (values: Readonly<Record<string, object>> = {}) =>
  parseSettings({
    ...values,
    target: "aws",
    aws: { ...awsValues.aws, ...values["aws"] },
    api: { ...awsValues.api, ...values["api"] },
  });

/** The plan of a stack on AWS, at an address that is not known yet unless one is given. */
export const prodPlan = (
  values: Readonly<Record<string, object>> = {},
  nodeAddress: string = PUBLIC_ADDRESS,
) => makePlan(awsSettings(values), cloudMachine(nodeAddress), "prod");

export const devPlan = (values: Readonly<Record<string, unknown>> = {}, machine = laptop) =>
  makePlan(dockerSettings(values), machine, "dev");
