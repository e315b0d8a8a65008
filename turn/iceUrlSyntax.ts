/** RFC 7064 and RFC 7065: what browsers take for an ICE URL; at any other RTCPeerConnection throws. */
const AUTHORITY = String.raw`(?:[\w.-]+|\[[\da-fA-F:.]+\])(?::\d{1,5})?`;
const STUN_URL = new RegExp(`^stuns?:${AUTHORITY}$`);
const TURN_URL = new RegExp(String.raw`^turns?:${AUTHORITY}(?:\?transport=(?:udp|tcp))?$`);

/** Whether a text is a URL such as `stun:stun.example.org:3478`. */
export const isStunUrl = (text: string): boolean => STUN_URL.test(text);

/** Whether a text is a URL such as `turn:turn.example.org:3478?transport=udp`. */
export const isTurnUrl = (text: string): boolean => TURN_URL.test(text);
