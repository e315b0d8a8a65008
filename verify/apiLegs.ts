import { type Advertised, advertised } from "./advertised.ts";
import { type AnyIceConfig, apiUrl, fetchIceConfig, ICE_CONFIG_PATH } from "./api.ts";
import type { StackOutputs } from "../turn/outputs.ts";
import { LegFailure } from "./findings.ts";
import { type Context, type Leg, type Tried, tryLeg } from "./leg.ts";
import { mustFail } from "./refusal.ts";

/** Fetches the ICE configuration as an app does, and finds in it what the stack advertises. */
export const iceConfigLeg = (context: Context, token: string): Promise<Tried<Advertised>> =>
  tryLeg(
    context,
    { name: "ICE configuration", url: apiUrl(context, ICE_CONFIG_PATH) },
    async (signal) => {
      const config = await fetchIceConfig(context, signal, { token });
      isAsAdvertised(context, config);
      return advertised(config, othersUrls(context));
    },
  );

/** Whether ICE servers of a stack also come from services that are none of its own. */
const hasOthers = ({ iceSources }: StackOutputs) => iceSources.some((it) => it.kind !== "livekit");
const isFirstChoice = ({ iceSources }: StackOutputs) =>
  iceSources.some((it) => it.kind === "livekit" && !it.fallback);

/** Tells the URLs that are not the stack's, where there may be such; undefined where there may not. */
function othersUrls({ target: { stack } }: Context): ((url: string) => boolean) | undefined {
  return stack && hasOthers(stack) ? (url) => !stack.iceUrls.includes(url) : undefined;
}

/**
 * Throws a `LegFailure` when the URLs are not those of the stack; other deployments name none. Beside
 * other sources the stack's own may stand anywhere, and may be missing where they are a fallback or
 * not a source at all.
 */
export function isAsAdvertised(context: Context, config: AnyIceConfig): void {
  const { stack } = context.target;
  if (!stack) return;
  const isOthers = othersUrls(context);
  const given = config.iceServers.flatMap(({ urls }) => urls);
  const own = isOthers ? given.filter((it) => !isOthers(it)) : given;
  if (own.length === 0 && !isFirstChoice(stack)) return;
  if (own.join() !== stack.iceUrls.join())
    throw new LegFailure({ kind: "ice-urls", given, wanted: stack.iceUrls });
}

/** Asks without a token, which the API must refuse. */
export async function noTokenLeg(context: Context): Promise<Leg> {
  const { leg } = await tryLeg(
    context,
    { name: "no token is refused", url: apiUrl(context, ICE_CONFIG_PATH) },
    (signal) => mustFail("no-token", () => fetchIceConfig(context, signal)),
  );
  return leg;
}
