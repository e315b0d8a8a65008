import { RoomEvent } from "livekit-client";
import { type Call, type CallOptions, enter, leave, makeRoom } from "./call.ts";
import { connectPeer, type Peer } from "./peer.ts";
import { decodeSignal, encodeSignal, type Signal } from "./signal.ts";

const TOPIC = "turnkey-demo-direct";
/** Until somebody answers, as what comes before the other side knows who speaks is lost. */
const HELLO_EVERY_MS = 1_000;

/**
 * A call from browser to browser over the API's ICE servers, for two. The room carries only what they
 * tell each other to connect. Of the two, the one whose name sorts first makes the offer.
 */
export async function callDirectly(options: CallOptions): Promise<Call> {
  const { session, events } = options;
  const room = makeRoom(events);
  let current: { readonly identity: string; readonly peer: Peer } | undefined;
  let { track } = options;

  const send = (identity: string, signal: Signal) =>
    void room.localParticipant
      .publishData(encodeSignal(signal), {
        reliable: true,
        topic: TOPIC,
        destinationIdentities: [identity],
      })
      // The room tells by its own events that it is gone.
      .catch(() => undefined);

  const meet = (identity: string) => {
    const offers = session.user < identity;
    const peer = connectPeer({ ...options, track }, offers, (it) => send(identity, it));
    current = { identity, peer };
    events.status("the other side is found; connecting");
    return current;
  };
  const part = () => {
    current?.peer.connection.close();
    current = undefined;
    events.picture(undefined);
  };

  room.on(RoomEvent.DataReceived, (message, from, _kind, topic) => {
    const signal = topic === TOPIC ? decodeSignal(message) : undefined;
    if (!signal || !from) return;
    // Who says hello to us knows us, and will know who speaks.
    const { identity, peer } = current ?? meet(from.identity);
    if (identity !== from.identity) return;
    if (signal.kind === "hello" && !signal.answer) send(identity, { kind: "hello", answer: true });
    peer.hear(signal);
  });
  room.on(RoomEvent.ParticipantDisconnected, ({ identity }) => {
    if (identity !== current?.identity) return;
    part();
    events.status("the other side left; waiting for another");
  });

  await enter(room, options);
  if (!current) events.status("waiting for the other side");
  const hello = setInterval(() => {
    if (current) return;
    for (const identity of room.remoteParticipants.keys())
      send(identity, { kind: "hello", answer: false });
  }, HELLO_EVERY_MS);

  return {
    measure: async () =>
      current ? [{ direction: "both ways", report: await current.peer.connection.getStats() }] : [],
    show: async (other) => {
      track = other;
      await current?.peer.show(other);
    },
    hangUp: async () => {
      clearInterval(hello);
      part();
      await leave(room);
    },
  };
}
