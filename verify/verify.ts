/** The relay proof: tries a deployment as an app would, and what must be refused. */
import { randomUUID } from "node:crypto";
import type { Advertised } from "./advertised.ts";
import { iceConfigLeg, noTokenLeg } from "./apiLegs.ts";
import { settled } from "./deadline.ts";
import { documentLeg } from "./documentLeg.ts";
import { edgeLegs } from "./edgeLegs.ts";
import { type Context, type Leg, legNotApplicable, notTried, type Tried, tryLeg } from "./leg.ts";
import { livekitLeg } from "./livekitLeg.ts";
import { quotaLeg } from "./quotaLeg.ts";
import { roomLeg } from "./roomLeg.ts";
import { findSignalling } from "./signalling.ts";
import { stunLeg } from "./stunLeg.ts";
import type { Target } from "./target.ts";
import { tcpRelayLeg } from "./tcpRelayLeg.ts";
import { type Fetch, fetchTrusting } from "./trust.ts";
import { farRelay, turnLegs } from "./turnLegs.ts";

/** What came of it. `ok` when no leg failed. */
export interface Report {
  readonly ok: boolean;
  readonly legs: readonly Leg[];
}

/**
 * `onLeg` hears of each leg as it ends; `signal` stops the run, and `verify` then rejects with its
 * reason.
 */
export interface VerifyOptions {
  readonly fetch?: Fetch;
  readonly now?: () => Date;
  readonly onLeg?: (leg: Leg) => void;
  readonly signal?: AbortSignal;
}

/**
 * Tries every leg and leaves nothing open. A leg that fails is in the report; only a stopped run
 * rejects.
 */
export async function verify(target: Target, options: VerifyOptions = {}): Promise<Report> {
  const { fetch = fetchTrusting(target.caCertificate), now = () => new Date() } = options;
  const { onLeg = () => undefined, signal = new AbortController().signal } = options;
  const known = { target, fetch, now, signal, onLeg, runId: randomUUID() };
  const token = await target.token(now());
  const signalling = await findSignalling(known, token);
  const context: Context = { ...known, livekitRuns: signalling.runs };
  const { label: url, probe } = signalling;
  const ice = iceConfigLeg(context, token);
  const turn = iceLegs(context, ice);
  // A bridge has few ports: there one thing comes after the other.
  const fewPorts = target.stack?.network === "bridge";
  const tried = await settled([
    one(livekitLeg(context, { url, probe })),
    one(noTokenLeg(context)),
    documentLeg(context),
    edgeLegs(context, token),
    turn,
    (fewPorts ? turn : Promise.resolve()).then(() => one(roomLeg(context, token, signalling))),
  ]);
  const legs = [...tried.flat(), ...(await limitLegs(context, (await ice).value))];
  return { ok: legs.every(({ ok }) => ok), legs };
}

const one = async (leg: Promise<Leg>): Promise<Leg[]> => [await leg];

async function iceLegs(context: Context, ice: Promise<Tried<Advertised>>): Promise<Leg[]> {
  const { leg, value } = await ice;
  if (!value) return [leg, ...(await untriedLegs(context))];
  const tried = await settled([
    settled(value.stun.map((url) => stunLeg(context, url))),
    turnLegs(context, value),
    settled(
      value.untried.map(({ url, reason }) => legNotApplicable(context, untriedPlan(url), reason)),
    ),
  ]);
  return [leg, ...tried.flat()];
}

/** What a version is known to limit. */
async function limitLegs(context: Context, ice: Advertised | undefined): Promise<Leg[]> {
  const far = ice && farRelay(ice.relays);
  if (!far) return [];
  // TCP relays ask for a connection of that kind (RFC 6062 section 4.1).
  const stream = ice.relays.find(({ url }) => url.transport !== "udp") ?? far;
  return settled([quotaLeg(context, far), tcpRelayLeg(context, stream)]);
}

const untriedPlan = (url: string) => ({ name: "STUN and TURN", url });

/** The URLs nobody could try appear in the report all the same. */
const untriedLegs = (context: Context): Promise<Leg[]> =>
  settled(
    (context.target.stack?.iceUrls ?? []).map(
      async (url) => (await tryLeg(context, untriedPlan(url), noConfiguration)).leg,
    ),
  );

const noConfiguration = async () => notTried("there is no ICE configuration");
