/** Users who are cut off: read from a file that changes while the API runs. */
import type { FastifyBaseLogger } from "fastify";
import { readFileSync } from "node:fs";
import * as z from "zod";
import { RequestError } from "./errors.ts";
import type { SignIn } from "./signIn.ts";

/** Ids of the users who are cut off at this moment: the same set until it changes. */
export type BlockedUsers = (log: Pick<FastifyBaseLogger, "info" | "error">) => ReadonlySet<string>;

/** How often the file is looked at, at most. */
const LOOK_AGAIN_MS = 1_000;

const Ids = z.array(z.string().min(1));

/** The ids in the file's text. Throws when it is not a JSON list of texts. */
const parse = (text: string): ReadonlySet<string> => new Set(Ids.parse(JSON.parse(text)));

const problemOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * Reads the file, and again at most each second when it is asked. Throws when the file is no list at
 * first: an API that cannot know who is cut off must not start. Later a file that is missing, half
 * written or wrong leaves the list as it was, and is logged once.
 */
export function readBlockedUsers(file: string, now: () => Date): BlockedUsers {
  let text: string;
  let users: ReadonlySet<string>;
  try {
    text = readFileSync(file, "utf8");
    users = parse(text);
  } catch (error) {
    throw new Error(
      `BLOCKED_USERS_FILE (${file}) cannot be read, wanted a JSON list of user ids - put it there and start again: ${problemOf(error)}`,
      { cause: error },
    );
  }
  let lookedAt = now().getTime();
  let isRefused = false;
  return (log) => {
    const at = now().getTime();
    // A clock that was set back must not stop it from looking.
    if (Math.abs(at - lookedAt) < LOOK_AGAIN_MS) return users;
    lookedAt = at;
    try {
      const found = readFileSync(file, "utf8");
      if (found !== text) {
        users = parse(found);
        text = found;
        log.info({ users: users.size }, "the list of users who are cut off has changed");
      }
      isRefused = false;
    } catch (error) {
      if (!isRefused)
        log.error(
          { err: error },
          "the list of users who are cut off is refused: the last one stays",
        );
      isRefused = true;
    }
    return users;
  };
}

/** A sign-in that lets nobody in who is cut off: 403, and an audit line. */
export const refuseBlocked =
  (blockedUsers: BlockedUsers, signIn: SignIn): SignIn =>
  async (request) => {
    const user = await signIn(request);
    if (!blockedUsers(request.log).has(user)) return user;
    request.log.info({ audit: "blocked-user", user }, "refused a user who is cut off");
    throw new RequestError(403, "this user has been cut off by the operator");
  };
