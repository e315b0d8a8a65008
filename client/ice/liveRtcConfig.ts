import type { IceConfigClient } from "./iceConfigClient.ts";
import type { IceServer } from "./iceServer.ts";

/**
 * For `rtcConfig` of livekit-client's `Room.connect`, which reads it anew whenever it reconnects: its ICE
 * servers are the client's at that moment. It has none while no credential is alive, and then LiveKit
 * hands out its own. `more` are further members, such as `iceTransportPolicy`; a copy would not be live.
 */
export function liveRtcConfig<More extends object>(
  client: IceConfigClient,
  more?: More,
): More & { readonly iceServers?: IceServer[] };
export function liveRtcConfig(client: IceConfigClient, more: object = {}): object {
  return Object.defineProperty({ ...more }, "iceServers", {
    enumerable: true,
    get: () => {
      const { source, iceServers } = client.current();
      return source === "public-stun" ? undefined : iceServers;
    },
  });
}
