/** Whether a plan can be made of what the stack says. */
import { SettingsError } from "../../../settingsError.ts";
import { stackFileName } from "../../pulumi/stackFiles.ts";
import { UserError } from "../../userError.ts";
import type { Check } from "../check.ts";
import { ok, problem } from "../finding.ts";

export const settings: Check = {
  async run({ stack, plan }) {
    const file = stackFileName(stack);
    try {
      const { livekitVersion, network } = await plan();
      return [ok(`${file}: LiveKit ${livekitVersion}, ${network} network`)];
    } catch (error) {
      if (!(error instanceof UserError || error instanceof SettingsError)) throw error;
      const mend =
        error instanceof UserError && error.mend.length > 0
          ? error.mend.join("\n")
          : `correct it in ${file}; docs/settings.md lists every setting`;
      return [problem(error.message, mend)];
    }
  },
};
