/** The wire of an ICE configuration: what the API answers and every client reads. */
import * as z from "zod";

/** One entry for `RTCConfiguration.iceServers` (W3C WebRTC, RTCIceServer). STUN entries carry no credential. */
export const IceServer = z.object({
  urls: z.array(z.string().min(1)).min(1),
  username: z.string().min(1).optional(),
  credential: z.string().min(1).optional(),
});
export type IceServer = z.infer<typeof IceServer>;

/**
 * PeerWave's answer, `GET /api/livekit/ice-config`. `ttl` is the credential's life in seconds from
 * the answer on, `expiresAt` its end in ISO 8601 UTC.
 */
export const IceConfig = z.object({
  iceServers: z.array(IceServer),
  ttl: z.int().positive(),
  expiresAt: z.iso.datetime(),
});
export type IceConfig = z.infer<typeof IceConfig>;

/** VOX's answer, `GET /api/v1/calls/webrtc-config`. */
export const WebrtcConfig = z.object({
  success: z.literal(true),
  data: z.object({ iceServers: z.array(IceServer) }),
});
export type WebrtcConfig = z.infer<typeof WebrtcConfig>;
