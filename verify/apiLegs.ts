import { signApiToken, VERIFY_SUBJECT } from "../turn/apiToken.ts";
import { type Advertised, advertised } from "./advertised.ts";
import { apiUrl, fetchIceConfig, ICE_CONFIG_PATH } from "./api.ts";
import { LegFailure } from "./findings.ts";
import { type Context, type Leg, type Tried, tryLeg } from "./leg.ts";
import { mustFail } from "./refusal.ts";

const TOKEN_TTL_SECONDS = 300;

/** Signs the API token that all legs of a run use. */
export const verifyToken = ({ target, now }: Context): Promise<string> =>
  signApiToken(target.apiJwtSecret, {
    subject: VERIFY_SUBJECT,
    ttlSeconds: TOKEN_TTL_SECONDS,
    now: now(),
  });

/** Fetches the ICE configuration as an app does, and finds in it what the stack advertises. */
export const iceConfigLeg = (context: Context, token: string): Promise<Tried<Advertised>> =>
  tryLeg(
    context,
    { name: "ICE configuration", url: apiUrl(context, ICE_CONFIG_PATH) },
    async (signal) => {
      const config = await fetchIceConfig(context, signal, token);
      const given = config.iceServers.flatMap(({ urls }) => urls);
      const wanted = context.target.iceUrls;
      if (given.join() !== wanted.join()) throw new LegFailure({ kind: "ice-urls", given, wanted });
      return advertised(config);
    },
  );

/** Asks without a token, which the API must refuse. */
export async function noTokenLeg(context: Context): Promise<Leg> {
  const { leg } = await tryLeg(
    context,
    { name: "no token is refused", url: apiUrl(context, ICE_CONFIG_PATH) },
    (signal) => mustFail("no-token", () => fetchIceConfig(context, signal)),
  );
  return leg;
}
