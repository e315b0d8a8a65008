import { apiUrl, fetchIceConfig, fetchRoomToken, ICE_CONFIG_PATH } from "./api.ts";
import { isAsAdvertised } from "./apiLegs.ts";
import { certificateLeg } from "./certificateLeg.ts";
import { settled } from "./deadline.ts";
import { LegFailure } from "./findings.ts";
import { type Context, type Leg, tryLeg } from "./leg.ts";
import { tryWebSocket } from "./webSocket.ts";

const LIMIT_MS = 8_000; // LiveKit opens a room before it switches to WebSocket

const isHttps = (url: string) => url.startsWith("https:");

/** What browsers on other machines come through: none where nothing speaks HTTPS. */
export function edgeLegs(context: Context, token: string): Promise<Leg[]> {
  const { apiUrl: base, stack } = context.target;
  const origin = stack?.edgeUrl ?? (isHttps(base) ? new URL(base).origin : undefined);
  if (origin === undefined) return Promise.resolve([]);
  return settled([
    certificateLeg(context, origin),
    // Where the API is reached over HTTPS anyway, the leg "ICE configuration" shows the same.
    ...(isHttps(base) ? [] : [overHttpsLeg(context, token, origin)]),
    ...(stack ? [webSocketLeg(context, token, origin)] : []),
  ]);
}

/** The ICE configuration through the edge. */
async function overHttpsLeg(context: Context, token: string, base: string): Promise<Leg> {
  const plan = {
    name: "ICE configuration over HTTPS",
    url: apiUrl(context, ICE_CONFIG_PATH, base),
  };
  const { leg } = await tryLeg(context, plan, async (signal) =>
    isAsAdvertised(context, await fetchIceConfig(context, signal, { token, base })),
  );
  return leg;
}

/** A room token got over HTTPS names a wss address, and LiveKit's signalling answers there. */
async function webSocketLeg(context: Context, token: string, base: string): Promise<Leg> {
  const url = base.replace(/^http/, "ws");
  const plan = { name: "signalling over wss", url, limitMs: LIMIT_MS };
  const { leg } = await tryLeg(context, plan, async (signal) => {
    const body = { room_name: `turnkey-verify-wss-${context.runId}` };
    const room = await fetchRoomToken(context, signal, { token, body, base });
    if (room.server_url !== url)
      throw new LegFailure({
        kind: "web-socket",
        problem: `a room token got over HTTPS names ${room.server_url}`,
      });
    const query = new URLSearchParams({ access_token: room.participant_token, protocol: "16" });
    await tryWebSocket(`${url}/rtc?${query.toString()}`, {
      ca: context.target.caCertificate,
      signal,
    });
  });
  return leg;
}
