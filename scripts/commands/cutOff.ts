/** What cutting off a user comes to. */
import { userIdOf } from "../../api/signIn/userId.ts";
import type { Settings } from "../../config.ts";
import { VERIFY_SUBJECT } from "../../turn/apiToken.ts";
import { UserError } from "../userError.ts";
import { addBlockedUser, removeBlockedUser } from "./listEdits.ts";
import type { FileEdit } from "./stackSettings.ts";
import { elsewhere, type Remainder, roomTokensUntil, turnCredentialsUntil } from "./whatGoesOn.ts";

export interface AskedUser {
  readonly stack: string;
  readonly settings: Settings;
  readonly user: string;
  /** Whether the user is to be let in again. */
  readonly undo: boolean;
}

/**
 * The changes to the list; none for a user who is cut off already, whom one may want out of a room
 * again. Throws a UserError for what no sign-in gives as an id, and where there is nothing to undo.
 */
export function userEdits({ stack, settings, user, undo }: AskedUser): FileEdit[] {
  if (user === VERIFY_SUBJECT)
    throw new UserError(`${VERIFY_SUBJECT} is no user: it is who npm run verify signs in as`);
  if (userIdOf(user) === undefined)
    throw new UserError(
      `${JSON.stringify(user)} is no user's id: wanted are 1 to 256 bytes, without space at the ends and without control characters`,
    );
  const { blockedUsers } = settings.api;
  const isBlocked = blockedUsers.includes(user);
  if (!undo) return isBlocked ? [] : [addBlockedUser(user)];
  if (isBlocked) return [removeBlockedUser(user)];
  throw new UserError(`user ${user} of stack "${stack}" is not cut off`, [
    blockedUsers.length === 0 ? "nobody is" : `these are: ${blockedUsers.join(", ")}`,
  ]);
}

/** What a user who is cut off still has. */
export const goesOnFor = (settings: Settings, now: Date): Remainder[] => [
  {
    what: "room tokens",
    until: roomTokensUntil(now),
    why: "LiveKit cannot refuse them, and gives whoever joins one for 10 minutes more; the API takes them out again within seconds. This is the longest that the settings allow: they may have said more before",
  },
  {
    what: "TURN credentials",
    until: turnCredentialsUntil(now),
    why: "they open relays: LiveKit looks at key and expiry alone",
  },
  { what: "open relays", why: "they go on until the client lets them go" },
  ...elsewhere(settings, now),
];
