/** Waiting for what the agent tells, on a node that may wait less than one in production. */
import { account, statusOf, untilApplied } from "./booted.ts";
import { onNode } from "./faults.ts";
import type { Rig } from "./rig.ts";
import { soon } from "./soon.ts";

const MINUTES = 60_000;

/** Gives units of a node variables, such as `NAME=value OTHER=value`, and starts them anew. */
export async function giveEnvironment(
  rig: Pick<Rig, "node">,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const units = Object.keys(variables).join(" ");
  const dropIns = Object.entries(variables).map(([unit, given]) => {
    const folder = `/etc/systemd/system/${unit}.service.d`;
    return `mkdir -p ${folder} && printf '[Service]\nEnvironment=${given}\n' >${folder}/test.conf`;
  });
  const script = [...dropIns, "systemctl daemon-reload", `systemctl restart ${units}`].join(" && ");
  await onNode(rig, script);
}

/** The same, on a node that has its certificate. Returns once it is as it was. */
export async function withEnvironment(
  rig: Rig,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  await untilApplied(rig);
  const { since } = await statusOf(rig);
  await giveEnvironment(rig, variables);
  // An agent that starts again tells so; until then its last word is of before.
  if ("turnkey-agent" in variables) await untilTold(rig, { state: "applied", otherThan: since });
  await untilApplied(rig);
}

/** What the agent may be waited to tell; null is no problem. */
export interface Told {
  readonly state?: string;
  /** Version of a document. */
  readonly wanted?: string;
  readonly problem?: RegExp | null;
  /** A `since` of before: what is told comes from another time. */
  readonly otherThan?: string;
}

/** Waits until the agent tells all of it. Throws its account when that takes four minutes. */
export function untilTold(rig: Rig, wanted: Told): Promise<void> {
  const holds = async () => {
    const told = await statusOf(rig).catch(() => undefined);
    if (told === undefined) return false;
    const { state = told.state, wanted: version = told.wanted, problem } = wanted;
    const rightProblem =
      problem instanceof RegExp
        ? problem.test(told.problem ?? "")
        : problem !== null || told.problem === null;
    const isOfTime = wanted.otherThan !== told.since;
    return state === told.state && version === told.wanted && rightProblem && isOfTime;
  };
  const otherwise = async () =>
    `wanted ${Object.values(wanted).join(" ")}, told:\n${await account(rig)}`;
  return soon(holds, { withinMs: 4 * MINUTES, otherwise });
}
