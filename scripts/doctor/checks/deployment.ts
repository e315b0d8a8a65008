/** Whether a deployment in a cloud answers as its clients need it, and who is at fault if not. */
import { npmRun } from "../../npmRun.ts";
import { askReady } from "../../ready/askReady.ts";
import { awsControls, nodePlaces, probeControl } from "../../ready/controlProbe.ts";
import { describeSeen } from "../../ready/readyAnswer.ts";
import type { Check } from "../check.ts";
import { ok, problem } from "../finding.ts";

/** With the question before, within the time of a check. */
const PROBE_MS = 3_000;

export const deployment: Check = {
  async run({ stack, record, signal }) {
    const outputs = (await record())?.outputs;
    if (!outputs?.cloud) return [ok("nothing is deployed that would answer yet")];
    const { apiUrl, cloud } = outputs;
    const { documentVersion } = cloud;
    const seen = await askReady({ ...outputs, documentVersion }, signal);
    if (seen.kind === "ready") return [ok(`${apiUrl}/readyz says that it is ready`)];
    const places = { ...nodePlaces(outputs), ...awsControls(cloud.region) };
    const blamed = await probeControl(places, PROBE_MS);
    return [
      problem(
        `${apiUrl}/readyz: ${describeSeen(seen)}`,
        `${npmRun("up", stack)} waits for it; ${npmRun("logs", stack)} says where its logs are`,
      ),
      ...blamed.map(({ on, text }) =>
        on === "network"
          ? problem(text, "try from another network, or let it through this one's firewall")
          : problem(text, npmRun("logs", stack)),
      ),
    ];
  },
};
