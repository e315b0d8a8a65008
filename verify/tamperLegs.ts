import { encodeBase62 } from "../turn/base62.ts";
import type { TurnCredential } from "../turn/engine.ts";
import type { AdvertisedRelay } from "./advertised.ts";
import { parseUserName, type UserName } from "./credentialSignature.ts";
import { settled } from "./deadline.ts";
import { notApplicable } from "./findings.ts";
import { type Context, type Leg, notTried, tryLeg } from "./leg.ts";
import { mustFail } from "./refusal.ts";
import { type Relay, type RelayOptions, tryRelay } from "./relay.ts";

const HOUR_SECONDS = 3_600;

/** The middle character becomes another one of the alphabet. */
function withOneChanged(text: string): string {
  const middle = Math.floor(text.length / 2);
  return `${text.slice(0, middle)}${text[middle] === "A" ? "B" : "A"}${text.slice(middle + 1)}`;
}

const renamed = (username: string, change: (name: UserName) => UserName): string => {
  const name = parseUserName(username) ?? notApplicable("the user name is not in LiveKit's format");
  const { key, participant, expiry } = change(name);
  return encodeBase62(Buffer.from([key, participant, expiry].join("|")));
};

/**
 * A good credential with one thing changed, which the server must refuse each time; what takes it
 * unchanged is `taken`. One URL is enough, as all share their sign-in.
 */
export function tamperLegs(
  context: Context,
  { url, credential: good }: AdvertisedRelay,
  { options, taken }: { readonly options: RelayOptions; readonly taken: Promise<Relay> },
): Promise<Leg[]> {
  const otherKey = context.target.stack?.roomKey.key;
  const forge = (change: (name: UserName) => UserName) => () => ({
    ...good,
    username: renamed(good.username, change),
  });
  const forgeries: Record<string, () => TurnCredential> = {
    "changed user name is refused": () => ({ ...good, username: withOneChanged(good.username) }),
    "another user's name is refused": forge((it) => ({ ...it, participant: "turnkey-verify-x" })),
    "prolonged expiry is refused": forge((it) => ({ ...it, expiry: it.expiry + HOUR_SECONDS })),
    "another key's name is refused": forge((it) => ({
      ...it,
      key: otherKey ?? notApplicable("it needs the names of the stack's keys"),
    })),
    "truncated password is refused": () => ({ ...good, credential: good.credential.slice(0, -1) }),
  };
  return settled(
    Object.entries(forgeries).map(async ([name, forged]) => {
      const { leg } = await tryLeg(context, { name, url: url.text }, async () => {
        const credential = forged();
        await taken.catch(() => notTried("the allocation failed"));
        await mustFail("tampered-credential", () => tryRelay(url, { ...options, credential }));
      });
      return leg;
    }),
  );
}
