/** Waits for a deployed node with progress, and tells whose fault it is where that fails. */
import type { StackOutputs } from "../../turn/outputs.ts";
import { npmRun } from "../npmRun.ts";
import { askReady } from "../ready/askReady.ts";
import { blameText } from "../ready/blame.ts";
import { awsControls, nodePlaces, probeControl } from "../ready/controlProbe.ts";
import { wrongNames } from "../ready/names.ts";
import { recordsText } from "../ready/records.ts";
import { NotReady, untilReady } from "../ready/untilReady.ts";
import { runStep } from "../setup/runStep.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** A node boots in one to three minutes; DNS that a person changes takes longer. */
const DEFAULT_SECONDS = 900;

/** How long to wait, in milliseconds: `TURNKEY_READY_SECONDS`, where it is a number. */
export function readyLimitMs(env: Environment = process.env): number {
  const given = env["TURNKEY_READY_SECONDS"];
  const seconds = given === undefined || given === "" ? DEFAULT_SECONDS : Number(given);
  return (Number.isFinite(seconds) && seconds >= 0 ? seconds : DEFAULT_SECONDS) * 1000;
}

const say = (text: string) => process.stderr.write(`${text}\n`);

/**
 * Returns true once `/readyz` of the stack's API answers 200 under the names that clients use; says on
 * stderr which DNS records it waits for, and in the end what may be wrong. To go on waiting is to run the
 * command again.
 */
export async function awaitReady(
  stack: string,
  outputs: StackOutputs,
  limitMs = readyLimitMs(),
): Promise<boolean> {
  const { apiUrl, nodeAddress, cloud, caCertificate } = outputs;
  try {
    await runStep(`waiting for ${apiUrl}/readyz`, ({ report, signal }) =>
      untilReady({
        look: async (ended) => {
          const wrong = await wrongNames(cloud?.names ?? [], nodeAddress);
          if (wrong.length > 0) return { kind: "names", wrong };
          const documentVersion = cloud?.documentVersion;
          return askReady({ apiUrl, caCertificate, documentVersion }, ended);
        },
        report,
        onWrongNames: (wrong) => say(recordsText(wrong, nodeAddress)),
        limitMs,
        signal,
      }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof NotReady)) throw error;
    say(`\n${error.told()}`);
    await tellBlame(outputs);
    say(
      [
        `it is deployed and goes on booting by itself; to wait again, and then prove it: ${npmRun("up", stack)}`,
        `what it says: ${npmRun("logs", stack)}`,
      ].join("\n"),
    );
    return false;
  }
}

/** Says on stderr whether this network or the deployment is at fault; nothing for a stack on this machine. */
export async function tellBlame(outputs: StackOutputs): Promise<void> {
  if (!outputs.cloud) return;
  say(
    blameText(await probeControl({ ...nodePlaces(outputs), ...awsControls(outputs.cloud.region) })),
  );
}
