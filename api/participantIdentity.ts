const SEPARATOR = "#";

/** Leaves no bare separator in a part, and is injective: `%` goes first. */
const escape = (part: string) => part.replaceAll("%", "%25").replaceAll(SEPARATOR, "%23");

/**
 * The identity a user gets in a room: the user id, or, when the request names one of the user's
 * devices or tabs, `<user id>#<requested>`, with `%` and `#` escaped in both parts. Two different
 * pairs never give one identity, so nobody can claim another user's; one user can be in a room
 * more than once, which LiveKit allows only under different identities.
 */
export const participantIdentity = (userId: string, requested?: string): string =>
  requested === undefined || requested === userId
    ? escape(userId)
    : escape(userId) + SEPARATOR + escape(requested);

/** Whether an identity is one that `participantIdentity` gives to one of the users. */
export function isIdentityOf(users: ReadonlySet<string>): (identity: string) => boolean {
  const escaped = new Set([...users].map(escape));
  return (identity) => escaped.has(identity.split(SEPARATOR, 1)[0] ?? "");
}
