import { type Advertised, advertised } from "./advertised.ts";
import { type AnyIceConfig, apiUrl, fetchIceConfig, ICE_CONFIG_PATH } from "./api.ts";
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
      return advertised(config);
    },
  );

/** Throws a `LegFailure` when the URLs are not those of the stack; other deployments name none. */
export function isAsAdvertised({ target: { stack } }: Context, config: AnyIceConfig): void {
  const given = config.iceServers.flatMap(({ urls }) => urls);
  if (stack && given.join() !== stack.iceUrls.join())
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
