import { keyGeneration } from "../../settings/rotations.ts";
import { noStack } from "../pulumi/stackState.ts";
import { consentHere } from "../setup/privilege.ts";
import { alone } from "./alone.ts";
import { confirmRevocation } from "./confirmRevocation.ts";
import { deploy } from "./deploy.ts";
import { deployedGeneration } from "./deployedGeneration.ts";
import { generationsText, goesOnWithout, requireRevocable, revocation } from "./revocation.ts";
import type { RevokeOptions } from "./revoke.ts";
import { editStackFile, settingsOf } from "./stackSettings.ts";
import { remaindersTable } from "./whatGoesOn.ts";

/** `npm run revoke -- generation N`: LiveKit refuses what those keys made, from this moment on. */
export const revokeGeneration = (options: RevokeOptions, generation: number): Promise<number> =>
  alone("revoke", options.stack, async () => {
    const { stack, json, yes } = options;
    const settings = settingsOf(stack);
    const deployed = await deployedGeneration(stack);
    if (deployed === undefined) throw noStack(stack);
    requireRevocable({ stack, settings, generation, deployed });
    const { edits, ends, current } = revocation(settings, generation, new Date());
    const isReplaced = current > keyGeneration(settings);
    await confirmRevocation(
      {
        stack,
        what: `revoke the keys of ${generationsText(ends)}`,
        effects: [
          ...(isReplaced ? [`keys of generation ${current} are made and used from then on`] : []),
          "LiveKit restarts: rooms and relays end, and clients reconnect",
          "a client whose token or credential is of those keys has to fetch another",
        ],
        args: `generation ${generation}`,
      },
      consentHere(yes),
    );
    editStackFile(stack, edits);
    await deploy(options);
    const goesOn = goesOnWithout(settings, generation, new Date());
    console.log(
      json
        ? JSON.stringify({ revoked: ends, current, goesOn })
        : `revoked: ${generationsText(ends)} of the keys of stack "${stack}". LiveKit was started without them, which
ended all rooms and relays, and refuses what they made. In use are the keys of generation ${current}.

What goes on:
${remaindersTable(goesOn)}`,
    );
    return 0;
  });
