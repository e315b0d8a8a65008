/** The changes that commands make to lists in a stack's file. */
import { appendToList } from "../pulumi/appendToList.ts";
import { removeFromList } from "../pulumi/removeFromList.ts";
import type { FileEdit } from "./stackSettings.ts";

export const addRotation = (date: string): FileEdit => ({
  change: (text) => appendToList(text, ["turnkey:keys", "rotations"], date),
  byHand: `add ${JSON.stringify(date)} to the list turnkey:keys.rotations by hand`,
});

export const addRevoked = (generation: number): FileEdit => ({
  change: (text) => appendToList(text, ["turnkey:keys", "revoked"], generation),
  byHand: `add ${generation} to the list turnkey:keys.revoked by hand`,
});

const BLOCKED = ["turnkey:api", "blockedUsers"] as const;

export const addBlockedUser = (user: string): FileEdit => ({
  change: (text) => appendToList(text, BLOCKED, user),
  byHand: `add ${JSON.stringify(user)} to the list turnkey:api.blockedUsers by hand`,
});

export const removeBlockedUser = (user: string): FileEdit => ({
  change: (text) => removeFromList(text, BLOCKED, user),
  byHand: `take ${JSON.stringify(user)} out of the list turnkey:api.blockedUsers by hand`,
});
