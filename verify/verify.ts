/** The relay proof: tries a deployed stack as an app would, and what must be refused. */
import { randomUUID } from "node:crypto";
import type { StackOutputs } from "../turn/outputs.ts";
import { iceConfigLeg, noTokenLeg, verifyToken } from "./apiLegs.ts";
import { settled } from "./deadline.ts";
import { type Context, type Leg, notTried, tryLeg } from "./leg.ts";
import { livekitLeg, probeLivekit } from "./livekitLeg.ts";
import { roomLeg } from "./roomLeg.ts";
import { stunLeg } from "./stunLeg.ts";
import { turnLegs } from "./turnLegs.ts";

/** What came of it. `ok` when every leg is. */
export interface Report {
  readonly ok: boolean;
  readonly legs: readonly Leg[];
}

/**
 * `onLeg` hears of each leg as it ends; `signal` stops the run, and `verify` then rejects with its
 * reason.
 */
export interface VerifyOptions {
  readonly fetch?: typeof globalThis.fetch;
  readonly now?: () => Date;
  readonly onLeg?: (leg: Leg) => void;
  readonly signal?: AbortSignal;
}

/**
 * Tries every leg and leaves nothing open. A leg that fails is in the report; only a stopped run
 * rejects.
 */
export async function verify(target: StackOutputs, options: VerifyOptions = {}): Promise<Report> {
  const { fetch = globalThis.fetch, now = () => new Date(), onLeg = () => undefined } = options;
  const signal = options.signal ?? new AbortController().signal;
  const probe = probeLivekit(fetch, target.livekitUrl, signal);
  const livekitRuns = probe.then(
    () => true,
    () => false,
  );
  const context = { target, fetch, now, signal, onLeg, runId: randomUUID(), livekitRuns };
  const token = await verifyToken(context);
  const tried = await settled([
    one(livekitLeg(context, probe)),
    one(noTokenLeg(context)),
    iceLegs(context, token),
    one(roomLeg(context, token)),
  ]);
  const legs = tried.flat();
  return { ok: legs.every(({ ok }) => ok), legs };
}

const one = async (leg: Promise<Leg>): Promise<Leg[]> => [await leg];

async function iceLegs(context: Context, token: string): Promise<Leg[]> {
  const { leg, value } = await iceConfigLeg(context, token);
  if (!value) return [leg, ...(await untriedLegs(context))];
  const tried = await settled([
    settled(value.stun.map((url) => stunLeg(context, url))),
    turnLegs(context, value.relays),
  ]);
  return [leg, ...tried.flat()];
}

/** The URLs nobody could try appear in the report all the same. */
const untriedLegs = (context: Context): Promise<Leg[]> =>
  settled(
    context.target.iceUrls.map(
      async (url) => (await tryLeg(context, { name: "STUN and TURN", url }, noConfiguration)).leg,
    ),
  );

const noConfiguration = async () => notTried("there is no ICE configuration");
