import type { TurnCredential } from "../turn/engine.ts";
import { livekit } from "../turn/livekit.ts";
import { settled } from "./deadline.ts";
import { notApplicable } from "./findings.ts";
import type { Address, IceUrl } from "./iceUrl.ts";
import { type Context, type Leg, tryLeg } from "./leg.ts";
import { mustFail } from "./refusal.ts";
import { type RelayOptions, tryRelay } from "./relay.ts";
import type { TurnClient } from "./turnClient.ts";

/** Where AWS, Google Cloud, Azure and others serve a machine its own credentials. */
const METADATA: Address = { host: "169.254.169.254", port: 80 };

/** An id of its own, so that the trial allocations count against no quota of verify's user. */
const EXPIRY_PARTICIPANT = "turnkey-verify-expiry";
const EXPIRY_SECONDS = 60;

/** Credentials that a TURN server must refuse. */
export function refusalLegs(context: Context, url: IceUrl, options: RelayOptions): Promise<Leg[]> {
  const leg = async (name: string, work: () => Promise<void>) =>
    (await tryLeg(context, { name, url: url.text }, work)).leg;
  const take = (credential: TurnCredential) => tryRelay(url, { ...options, credential });
  return settled([
    leg("wrong password is refused", () => wrongPasswordRefused(options.credential, take)),
    leg("expired credential is refused", () => expiredRefused(context, take)),
  ]);
}

type Take = (credential: TurnCredential) => Promise<void>;

const wrongPasswordRefused = ({ username, credential }: TurnCredential, take: Take) =>
  mustFail("wrong-password", () => take({ username, credential: `${credential}x` }));

/** The refusal means something only as the same credential with a later expiry is taken. */
async function expiredRefused({ now, target }: Context, take: Take): Promise<void> {
  const { turnKey } = target.stack ?? notApplicable("only the stack's TURN key makes one");
  const unixSeconds = Math.floor(now().getTime() / 1000);
  const minted = (expiresAt: number) => livekit.mint(turnKey, EXPIRY_PARTICIPANT, expiresAt);
  await take(minted(unixSeconds + EXPIRY_SECONDS));
  await mustFail("expired-credential", () => take(minted(unixSeconds - EXPIRY_SECONDS)));
}

/** Asks the relay for a way to cloud metadata, in both ways there are. */
export async function metadataRefused(client: TurnClient): Promise<void> {
  await mustFail("metadata-permission", () => client.permit(METADATA));
  await mustFail("metadata-channel", () => client.bindChannel(METADATA));
}
