/**
 * What suites have pages do with the client library: calls to another page of the same browser and origin,
 * and a room. Everything that a test asks about is in `icePage`.
 */
import { Room, RoomEvent } from "livekit-client";
import { IceConfigClient } from "../../../client/ice/index.ts";
import { joinRoom, type RoomTicket } from "../../../examples/client/livekit.ts";
import { negotiate, type Signalling } from "../../../examples/client/negotiate.ts";
import { call } from "../../../examples/client/plain.ts";
import { signalOver } from "./signalOver.ts";
import type { CallState, IceCall, RoomState } from "./states.ts";

const PING_EVERY_MS = 100;

// Rooms keep their connections to themselves: theirs are those that no call has.
const made: RTCPeerConnection[] = [];
const ofCalls = new Set<RTCPeerConnection>();
globalThis.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    made.push(this);
  }
};

const clientOf = ({ url, token }: IceCall) =>
  new IceConfigClient({ url, headers: { authorization: `Bearer ${token}` }, publicStun: [] });

const usernamesOf = (connection: RTCPeerConnection) =>
  (connection.getConfiguration().iceServers ?? []).flatMap(({ username }) => username || []);

/** The same as the example's call, without `keepFresh`. */
async function callWithout(client: IceConfigClient, signalling: Signalling, polite: boolean) {
  const { iceServers } = await client.get();
  const connection = new RTCPeerConnection({ iceServers, iceTransportPolicy: "relay" });
  negotiate(connection, signalling, polite);
  return connection;
}

async function dial(it: IceCall): Promise<() => CallState> {
  const client = clientOf(it);
  const signalling = signalOver(it.name);
  const connection = it.kept
    ? await call(client, signalling, { polite: it.polite, iceTransportPolicy: "relay" })
    : await callWithout(client, signalling, it.polite);
  ofCalls.add(connection);
  const expiresAt = client.current().expiresAt ?? 0;
  const state = { heard: 0, failures: 0, refusals: new Array<number>() };
  let restartedAt: number | undefined;
  connection.addEventListener("icecandidateerror", ({ errorCode }) => {
    state.refusals.push(errorCode);
  });
  connection.addEventListener("connectionstatechange", () => {
    if (connection.connectionState === "failed") state.failures += 1;
  });
  const restart = connection.restartIce.bind(connection);
  connection.restartIce = () => {
    restartedAt ??= Date.now();
    restart();
  };
  const channel = connection.createDataChannel("ping", { negotiated: true, id: 0 });
  channel.addEventListener("message", () => (state.heard += 1));
  setInterval(() => {
    if (channel.readyState === "open" && channel.bufferedAmount === 0) channel.send("ping");
  }, PING_EVERY_MS);
  return () => ({
    ...state,
    expiresAt,
    restartedAt,
    connection: connection.connectionState,
    usernames: usernamesOf(connection),
  });
}

/** Joins the room of the call's name with a ticket from `ticketUrl`. */
async function enter(it: IceCall, ticketUrl: string): Promise<() => RoomState> {
  const asked = await fetch(ticketUrl, {
    method: "POST",
    headers: { authorization: `Bearer ${it.token}`, "content-type": "application/json" },
    body: JSON.stringify({ room_name: it.name }),
  });
  const ticket: RoomTicket = await asked.json();
  const client = clientOf(it);
  const room = new Room();
  let heard = 0;
  room.on(RoomEvent.DataReceived, () => (heard += 1));
  await joinRoom(room, ticket, client, true);
  setInterval(() => {
    room.localParticipant.publishData(new Uint8Array(1), { reliable: true }).catch(() => undefined);
  }, PING_EVERY_MS);
  return () => ({
    heard,
    connection: room.state,
    usernames: made.filter((one) => !ofCalls.has(one)).flatMap(usernamesOf),
  });
}

const states = new Map<string, () => CallState | RoomState>();

/** For texts that tests have evaluated. */
Object.assign(globalThis, {
  icePage: {
    dial: async (it: IceCall) => void states.set(it.name, await dial(it)),
    enter: async (it: IceCall, ticketUrl: string) =>
      void states.set(it.name, await enter(it, ticketUrl)),
    state: (name: string) => states.get(name)?.(),
  },
});
