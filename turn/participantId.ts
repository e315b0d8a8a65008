import { createHmac } from "node:crypto";

/** Bytes of the digest kept: 128 bits leave no two users of a stack with one id. */
const ID_BYTES = 16;

/**
 * The name a user has in TURN: 22 characters of base64url. It is the same in every credential of a
 * user, so that allocation quotas count per user, and tells nothing about the user without the
 * stack's key: TURN user names cross UDP readable and are logged.
 */
export const participantId = (userIdKey: string, userId: string): string =>
  createHmac("sha256", userIdKey)
    .update(userId)
    .digest()
    .subarray(0, ID_BYTES)
    .toString("base64url");
