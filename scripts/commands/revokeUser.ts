import { npmRun } from "../npmRun.ts";
import { checkOutputs, readOutputs } from "../pulumi/stackState.ts";
import { consentHere } from "../setup/privilege.ts";
import { shellWord } from "../shellWord.ts";
import { alone } from "./alone.ts";
import { confirmRevocation } from "./confirmRevocation.ts";
import { goesOnFor, userEdits } from "./cutOff.ts";
import { deploy } from "./deploy.ts";
import type { RevokeOptions } from "./revoke.ts";
import { editStackFile, settingsOf } from "./stackSettings.ts";
import { removedText, RoomOutputs, takingOut, untilOut } from "./takeOut.ts";
import { remaindersTable } from "./whatGoesOn.ts";
import { withStack } from "./withStack.ts";

/**
 * `npm run revoke -- user ID`: the user gets nothing any more, and is taken out of every room.
 * `--undo` lets them in again.
 */
export const revokeUser = (options: RevokeOptions, user: string): Promise<number> =>
  alone("revoke", options.stack, async () => {
    const { stack, undo, json, yes } = options;
    const settings = settingsOf(stack);
    const edits = userEdits({ stack, settings, user, undo });
    const rooms = await withStack({ stack }, async (open) =>
      checkOutputs(stack, await readOutputs(open, { secrets: true }), RoomOutputs),
    );
    const args = `user ${shellWord(user)}`;
    await confirmRevocation(
      {
        stack,
        what: undo ? `let user ${user} in again` : `cut off user ${user}`,
        effects: undo ? [] : ["the API refuses them, and they are taken out of every room"],
        args: undo ? `${args} --undo` : args,
      },
      consentHere(yes),
    );
    editStackFile(stack, edits);
    // At once: clients that are taken out do not come back by themselves. A LiveKit that does not answer is told below.
    const first = undo ? [] : await takingOut(user, settings.target, rooms)().catch(() => []);
    const outputs = await deploy(options);
    if (undo) {
      console.log(
        json
          ? JSON.stringify({ user, cutOff: false })
          : `let in again: user ${user} of stack "${stack}". The API knows within two seconds.`,
      );
      return 0;
    }
    const endAll = npmRun("revoke", stack, `generation ${outputs.keyGeneration}`);
    const later = await untilOut(takingOut(user, settings.target, outputs), { user, endAll });
    const removed = [...first, ...later];
    const goesOn = goesOnFor(settings, new Date());
    console.log(
      json
        ? JSON.stringify({ user, cutOff: true, removed, goesOn })
        : `cut off: user ${user} of stack "${stack}". The API answers them with 403.
${removedText(removed)}

What goes on:
${remaindersTable(goesOn)}

To end all of that at once, for everybody: ${endAll}
To let them in again: ${npmRun("revoke", stack, `${args} --undo`)}`,
    );
    return 0;
  });
