/** One entry for `RTCConfiguration.iceServers` (W3C WebRTC). STUN entries carry no credential. */
export interface IceServer {
  urls: string[];
  username?: string;
  credential?: string;
}
