/** ICE servers from Turnkey's API, for calls that outlive their credentials. */
export { type Clock, systemClock } from "./clock.ts";
export type { IceConfiguration, IceSource } from "./configuration.ts";
export type { IceConfigEvent } from "./event.ts";
export type { Failure, FailureReason } from "./failure.ts";
export { IceConfigClient } from "./iceConfigClient.ts";
export type { IceServer } from "./iceServer.ts";
export { keepFresh, type KeepFreshOptions, type KeptEvent } from "./keepFresh.ts";
export { liveRtcConfig } from "./liveRtcConfig.ts";
export type { Fetch, Headers, IceConfigOptions } from "./options.ts";
export type { PeerConnection } from "./peerConnection.ts";
