/**
 * A TURN server with faults to order, for tests of what verify notices. It answers as LiveKit does:
 * errors unsigned, 400 for any credential it does not take, 401 for a forbidden ChannelBind.
 */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import {
  createServer as createTcpServer,
  type Server as NetServer,
  type Socket as Stream,
} from "node:net";
import { createServer } from "node:tls";
import { classes, makeIntegrityKey, Message, methods, parseMessage } from "werift";
import { decodeBase62 } from "../../turn/base62.ts";
import { livekit } from "../../turn/livekit.ts";
import type { ApiKeyPair } from "../../turn/outputs.ts";
import {
  decodeChannelData,
  encodeChannelData,
  frameSplitter,
  isChannelData,
} from "../../verify/turnFrames.ts";

/** Turns a packet, numbered from 0, into those passed on. */
export type Relayed = (packet: Buffer, number: number) => Buffer[];

/** What is wrong with the server. `relayed` is called once for each peer of a relay. */
export interface Faults {
  readonly relayed?: () => Relayed;
  readonly anyPassword?: true;
  readonly anyExpiry?: true;
  readonly anyPeer?: true;
  /** Refuses this address as a peer too. */
  readonly forbids?: string;
  readonly mute?: true;
  /** Loses the first datagram of every client. */
  readonly losesFirst?: true;
  /** Calls the first nonce of every client stale (RFC 8489 section 9.2.4). */
  readonly staleNonce?: true;
  readonly allocateError?: number;
  readonly unsigned?: true;
}

/** Whose credentials it takes, what is wrong with it, and how it is reached. */
export interface FakeTurnOptions {
  readonly turnKey: ApiKeyPair;
  readonly faults?: Faults;
  /** With it the server speaks TLS, otherwise UDP, or TCP when it is a `stream`. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly stream?: true;
  /** Allocations one user may have, as since LiveKit 1.13.6; one more is refused with 486. */
  readonly quota?: number;
  /** Refuses TCP relays with 400 as LiveKit does since 1.13.10; without it they are granted. */
  readonly refusesTcpRelays?: true;
  /** Bytes of each piece that a stream's answers are cut into. */
  readonly pieceBytes?: number;
}

/** A running server. */
export interface FakeTurn {
  readonly port: number;
  /** Allocations of now, and the most there were at once. */
  readonly allocations: { now: number; most: number };
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
const REALM = "livekit";
const NONCE = Buffer.from("a nonce");
const FORBIDDEN = "169.254.169.254";
const TCP = 6 << 24; // REQUESTED-TRANSPORT of RFC 6062

interface Client {
  /** Its own port as the server sees it. */
  readonly port: number;
  readonly send: (frame: Buffer) => void;
  user: string;
  frames: number;
  nonces: number;
  relay?: Socket;
  readonly permitted: Set<string>;
  readonly channels: Map<number, [string, number]>;
}

/** Starts the server on a free port of 127.0.0.1. */
export async function fakeTurn(options: FakeTurnOptions): Promise<FakeTurn> {
  const allocations = { now: 0, most: 0 };
  const relays = new Map<Socket, string>();
  const handle = (client: Client, frame: Buffer) =>
    void receive({ ...options, faults: options.faults ?? {}, allocations, relays }, client, frame);
  const listening =
    options.tls || options.stream ? await listenStream(options, handle) : await listenUdp(handle);
  return {
    port: listening.port,
    allocations,
    close: async () => {
      for (const relay of relays.keys()) relay.close();
      await listening.close();
    },
  };
}

type Handle = (client: Client, frame: Buffer) => void;

const newClient = (port: number, send: Client["send"]): Client => ({
  port,
  send,
  user: "",
  frames: 0,
  nonces: 0,
  permitted: new Set(),
  channels: new Map(),
});

async function listenUdp(handle: Handle) {
  const socket = createSocket("udp4");
  const clients = new Map<number, Client>();
  socket.on("message", (frame, { port, address }) => {
    const client =
      clients.get(port) ?? newClient(port, (bytes) => socket.send(bytes, port, address));
    clients.set(port, client);
    handle(client, frame);
  });
  socket.bind(0, HOST);
  await once(socket, "listening");
  return {
    port: socket.address().port,
    close: () => new Promise<void>((resolve) => void socket.close(resolve)),
  };
}

async function listenStream({ tls, pieceBytes = 1_000 }: FakeTurnOptions, handle: Handle) {
  const serve = (socket: Stream) => {
    const split = frameSplitter();
    const client = newClient(socket.remotePort ?? 0, (frame) => {
      for (let from = 0; from < frame.length; from += pieceBytes)
        socket.write(frame.subarray(from, from + pieceBytes));
    });
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      for (const frame of split(chunk)) handle(client, frame);
    });
  };
  const server: NetServer = tls ? createServer({ ...tls }, serve) : createTcpServer(serve);
  server.on("tlsClientError", (_error: Error, socket: Stream) => socket.destroy());
  await once(server.listen(0, HOST), "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

interface Server extends FakeTurnOptions {
  readonly faults: Faults;
  readonly allocations: { now: number; most: number };
  /** Each with its user. */
  readonly relays: Map<Socket, string>;
}

async function receive(server: Server, client: Client, frame: Buffer): Promise<void> {
  client.frames += 1;
  if (server.faults.mute || (server.faults.losesFirst && client.frames === 1)) return;
  if (isChannelData(frame)) {
    const { channel, data } = decodeChannelData(frame) ?? {};
    const peer = client.channels.get(channel ?? 0);
    if (peer) client.relay?.send(data ?? "", peer[1], peer[0]);
    return;
  }
  const message = parseMessage(frame);
  if (message?.messageClass === classes.INDICATION) sendOn(client, message);
  else if (message) client.send((await answer(server, client, { message, frame })).bytes);
}

function sendOn({ relay, permitted }: Client, message: Message): void {
  const [host, port]: [string, number] = message.getAttributeValue("XOR-PEER-ADDRESS");
  if (permitted.has(host)) relay?.send(message.getAttributeValue("DATA"), port, host);
}

async function answer(
  server: Server,
  client: Client,
  { message: request, frame }: { message: Message; frame: Buffer },
): Promise<Message> {
  const { faults } = server;
  const { messageMethod, transactionId } = request;
  const refusal = (code: number) =>
    new Message(messageMethod, classes.ERROR, transactionId).setAttribute("ERROR-CODE", [code, ""]);
  const success = new Message(messageMethod, classes.RESPONSE, transactionId);
  if (messageMethod === methods.BINDING)
    return success.setAttribute("XOR-MAPPED-ADDRESS", [HOST, client.port]);

  if (!request.attributesKeys.includes("MESSAGE-INTEGRITY"))
    return refusal(401).setAttribute("REALM", REALM).setAttribute("NONCE", NONCE);
  if (faults.staleNonce && client.nonces++ === 0)
    return refusal(438).setAttribute("REALM", REALM).setAttribute("NONCE", NONCE);
  const key = keyOf(server, request, frame);
  if (!key) return refusal(400);

  const peer: [string, number] = request.getAttributeValue("XOR-PEER-ADDRESS") ?? ["", 0];
  const forbidden = (peer[0] === FORBIDDEN && !faults.anyPeer) || peer[0] === faults.forbids;
  if (messageMethod === methods.ALLOCATE) {
    if (faults.allocateError !== undefined) return refusal(faults.allocateError);
    if (server.refusesTcpRelays && request.getAttributeValue("REQUESTED-TRANSPORT") === TCP)
      return refusal(400);
    client.user = userOf(request).id;
    const held = [...server.relays.values()].filter((user) => user === client.user).length;
    if (server.quota !== undefined && held >= server.quota) return refusal(486);
    success.setAttribute("XOR-RELAYED-ADDRESS", [HOST, await allocate(server, client)]);
  } else if (messageMethod === methods.REFRESH) {
    if (client.relay && request.getAttributeValue("LIFETIME") === 0) release(server, client.relay);
  } else {
    const isBind = messageMethod === methods.CHANNEL_BIND;
    if (forbidden) return refusal(isBind ? 401 : 403);
    if (isBind) client.channels.set(request.getAttributeValue("CHANNEL-NUMBER"), peer);
    client.permitted.add(peer[0]);
  }
  return faults.unsigned ? success : success.addMessageIntegrity(key);
}

function userOf(request: Message) {
  const username: string = request.getAttributeValue("USERNAME");
  const joined = /^\w+$/.test(username) ? Buffer.from(decodeBase62(username)).toString() : "";
  const [key, id = "", expiry] = joined.split("|");
  return { username, key, id, expiry: Number(expiry) };
}

function keyOf({ turnKey, faults }: Server, request: Message, frame: Buffer): Buffer | undefined {
  const { username, key, id, expiry } = userOf(request);
  if (key !== turnKey.key || (expiry * 1000 < Date.now() && !faults.anyExpiry)) return undefined;
  const { credential } = livekit.mint(turnKey, id, expiry);
  const integrityKey = makeIntegrityKey(username, REALM, credential);
  return parseMessage(frame, integrityKey) || faults.anyPassword ? integrityKey : undefined;
}

async function allocate({ faults, allocations, relays }: Server, client: Client): Promise<number> {
  const relay = createSocket("udp4");
  relays.set(relay, client.user);
  client.relay = relay;
  const streams = new Map<number, (packet: Buffer) => Buffer[]>();
  relay.on("message", (data, { address, port }) => {
    const stream = streams.get(port) ?? numbered(faults.relayed?.() ?? ((packet) => [packet]));
    streams.set(port, stream);
    const bound = [...client.channels].find(([, [, it]]) => it === port)?.[0];
    for (const packet of stream(data))
      if (bound !== undefined) client.send(encodeChannelData(bound, packet));
      else if (client.permitted.has(address))
        client.send(
          new Message(methods.DATA, classes.INDICATION)
            .setAttribute("XOR-PEER-ADDRESS", [address, port])
            .setAttribute("DATA", packet).bytes,
        );
  });
  relay.bind(0, HOST);
  await once(relay, "listening");
  allocations.now += 1;
  allocations.most = Math.max(allocations.most, allocations.now);
  return relay.address().port;
}

function numbered(relayed: Relayed): (packet: Buffer) => Buffer[] {
  let number = 0;
  return (packet) => relayed(packet, number++);
}

function release({ allocations, relays }: Server, relay: Socket): void {
  if (!relays.delete(relay)) return;
  relay.close();
  allocations.now -= 1;
}
