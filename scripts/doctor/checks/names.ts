/** Whether the names of a deployment in a cloud lead to its node. */
import { wrongNames } from "../../ready/names.ts";
import type { Check } from "../check.ts";
import { ok, problem } from "../finding.ts";

export const names: Check = {
  async run({ record }) {
    const outputs = (await record())?.outputs;
    if (!outputs?.cloud) return [ok("nothing is deployed that names lead to yet")];
    const { nodeAddress, cloud } = outputs;
    if (cloud.names.length === 0)
      return [ok(`clients come to the bare address ${nodeAddress}: no name leads to it`)];
    const wrong = await wrongNames(cloud.names, nodeAddress);
    if (wrong.length === 0) return [ok(`${cloud.names.join(", ")} lead to ${nodeAddress}`)];
    return wrong.map(({ name, found }) =>
      problem(
        found.length > 0
          ? `${name} leads to ${found.join(", ")} and not to ${nodeAddress}`
          : `the name ${name} is not found`,
        `add the record ${name}. A ${nodeAddress} where the domain is served`,
      ),
    );
  },
};
