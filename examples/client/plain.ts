/**
 * A call from browser to browser that outlives its TURN credential. In an application the library is
 * imported from "turnkey-ice".
 */
import { type IceConfigClient, keepFresh } from "../../client/ice/index.ts";
import { negotiate, type Signalling } from "./negotiate.ts";

export interface CallOptions {
  /** One of the two sides is, the other is not. */
  readonly polite: boolean;
  /** Default: `all`. */
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
}

/** A connection to the other side, to add tracks or channels to; `close` ends everything that belongs to it. */
export async function call(
  client: IceConfigClient,
  signalling: Signalling,
  { polite, iceTransportPolicy = "all" }: CallOptions,
): Promise<RTCPeerConnection> {
  const { iceServers } = await client.get();
  const connection = new RTCPeerConnection({ iceServers, iceTransportPolicy });
  negotiate(connection, signalling, polite);
  keepFresh(connection, client);
  return connection;
}
