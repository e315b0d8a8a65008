/** What LiveKit's standard token endpoint takes (docs.livekit.io, "Endpoint token generation") and signs. */
import {
  AccessToken,
  RoomAgentDispatch,
  RoomConfiguration,
  TrackSource,
  type VideoGrant,
} from "livekit-server-sdk";
import * as z from "zod";
import type { ApiKeyPair } from "../turn/outputs.ts";
import type { RoomGrants } from "../turn/roomGrants.ts";

/** LiveKit refuses longer names and identities (`limit` in its configuration). */
const MAX_NAME_BYTES = 256;

/** A room's name, a participant's name or identity, as LiveKit takes it. */
export const LiveKitName = z
  .string()
  .min(1)
  .refine((name) => Buffer.byteLength(name) <= MAX_NAME_BYTES, {
    error: `must be at most ${MAX_NAME_BYTES} bytes`,
  });

/** LiveKit's SDKs trust attributes below `lk.` to tell whom an agent acts for; no user may set them. */
const Attributes = z.record(
  z.string().refine((key) => !key.startsWith("lk."), { error: '"lk." is reserved for LiveKit' }),
  z.string(),
);

/** LiveKit's RoomAgentDispatch, as far as its clients send it. */
const Agent = z.strictObject({
  agent_name: z.string().optional(),
  metadata: z.string().optional(),
  deployment: z.string().optional(),
});
type Agent = z.infer<typeof Agent>;

/** Of LiveKit's RoomConfiguration a user may choose agents; egress and limits are the operator's. */
const RoomConfig = z.strictObject({ agents: z.array(Agent).optional() });

/** The request, in the field names of LiveKit's TokenSourceRequest. Everything may be left out. */
export const RoomTokenRequest = z.strictObject({
  room_name: LiveKitName.optional(),
  participant_name: LiveKitName.optional(),
  participant_identity: LiveKitName.optional(),
  participant_metadata: z.string().optional(),
  participant_attributes: Attributes.optional(),
  room_config: RoomConfig.optional(),
});
export type RoomTokenRequest = z.infer<typeof RoomTokenRequest>;

const dispatch = ({ agent_name = "", metadata = "", deployment = "" }: Agent) =>
  new RoomAgentDispatch({ agentName: agent_name, metadata, deployment });

/** Whom a token is for, and what it lets them do. */
export interface TokenFor {
  readonly identity: string;
  readonly room: string;
  readonly ttlSeconds: number;
  readonly grants: RoomGrants;
}

const trackSource = {
  camera: TrackSource.CAMERA,
  microphone: TrackSource.MICROPHONE,
  screen_share: TrackSource.SCREEN_SHARE,
  screen_share_audio: TrackSource.SCREEN_SHARE_AUDIO,
} satisfies Record<NonNullable<RoomGrants["sources"]>[number], TrackSource>;

/** Everything is said: most of what a token leaves out LiveKit takes for allowed. */
const videoGrant = ({ room, grants }: TokenFor): VideoGrant => ({
  roomJoin: true,
  room,
  canPublish: grants.publish,
  ...(grants.sources ? { canPublishSources: grants.sources.map((it) => trackSource[it]) } : {}),
  canSubscribe: grants.subscribe,
  canPublishData: grants.data,
  canUpdateOwnMetadata: grants.ownMetadata,
});

/**
 * Signs a token that lets one participant join one room and do there what the grants allow. Nothing in
 * a request reaches the grant.
 */
export function signRoomToken(
  { key, secret }: ApiKeyPair,
  tokenFor: TokenFor,
  request: RoomTokenRequest,
): Promise<string> {
  const { identity, ttlSeconds } = tokenFor;
  const token = new AccessToken(key, secret, { identity, ttl: ttlSeconds });
  if (request.participant_name !== undefined) token.name = request.participant_name;
  if (request.participant_metadata !== undefined) token.metadata = request.participant_metadata;
  if (request.participant_attributes) token.attributes = request.participant_attributes;
  const agents = request.room_config?.agents;
  if (agents) token.roomConfig = new RoomConfiguration({ agents: agents.map(dispatch) });
  token.addGrant(videoGrant(tokenFor));
  return token.toJwt();
}
