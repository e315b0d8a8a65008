/** A TURN client that asks for what it must not, and sends whatever it was answered. */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { classes, Message, methods, parseMessage } from "werift";
import type { TurnCredential } from "../../../turn/engine.ts";
import type { Address, IceUrl } from "../../../verify/iceUrl.ts";
import { encodeSend, type LongTerm, longTerm } from "../../../verify/stun.ts";
import { type CarrierOptions, openCarrier } from "../../../verify/transport.ts";
import { encodeChannelData, isChannelData } from "../../../verify/turnFrames.ts";
import type { Family } from "./forbiddenProbes.ts";

/** RFC 6062 section 6.2; the codec has no name for it. */
// oxlint-disable-next-line no-unsafe-enum-assignment, no-unsafe-type-assertion -- the codec takes any number
const CONNECT = 0x00_0a as methods;

/** An error code, `0` for success, `silence` for no answer. */
export type Told = string;

/** A connection to a server, and at most one relay. */
export interface Probing {
  /** What the server says to Allocate: a relay of that family, for UDP or TCP. */
  allocate(family: Family, requested: "udp" | "tcp"): Promise<Told>;
  permit(peer: Address): Promise<Told>;
  bind(channel: number, peer: Address): Promise<Told>;
  connect(peer: Address): Promise<Told>;
  send(peer: Address, data: Buffer): void;
  sendOn(channel: number, data: Buffer): void;
  close(): Promise<void>;
}

// RFC 8656 sections 18.6 and 18.8; RFC 6062 section 6.1.
const IPV6 = 2 << 24;
const REQUESTED = { udp: 17 << 24, tcp: 6 << 24 };
const LIFETIME_SECONDS = 300;
const RETRY_MS = [250, 500, 1_000, 2_000, 4_000];

type Attributes = readonly (readonly [Parameters<Message["setAttribute"]>[0], unknown])[];
const pair = ({ host, port }: Address) => [host, port];

/** Zero for success. */
function codeOf(message: Message): number {
  const error: [number, string] | undefined = message.getAttributeValue("ERROR-CODE");
  return error?.[0] ?? 0;
}

/** Connects to the server. */
export async function openProbing(
  url: IceUrl,
  credential: TurnCredential,
  options: CarrierOptions,
): Promise<Probing> {
  const carrier = await openCarrier(url, options);
  const waiting = new Map<string, (answer: Message) => void>();
  let auth: LongTerm | undefined;
  let holds = false;
  carrier.listen((frame) => {
    const message = isChannelData(frame) ? undefined : parseMessage(frame);
    if (message) waiting.get(message.transactionIdHex)?.(message);
  });

  const request = async (method: methods, attributes: Attributes): Promise<Message | undefined> => {
    const message = new Message(method, classes.REQUEST, randomBytes(12));
    for (const [name, value] of attributes) message.setAttribute(name, value);
    if (auth)
      message
        .setAttribute("USERNAME", auth.username)
        .setAttribute("REALM", auth.realm)
        .setAttribute("NONCE", auth.nonce)
        .addMessageIntegrity(auth.key);
    const answered = Promise.withResolvers<Message>();
    waiting.set(message.transactionIdHex, answered.resolve);
    const { bytes } = message;
    for (const ms of RETRY_MS) {
      carrier.broken.throwIfAborted();
      // A stream loses nothing.
      if (url.transport === "udp" || ms === RETRY_MS[0]) carrier.send(bytes);
      // oxlint-disable-next-line no-await-in-loop -- each waits for the one before
      const answer = await Promise.race([answered.promise, sleep(ms)]);
      if (answer) {
        waiting.delete(message.transactionIdHex);
        return answer;
      }
    }
    waiting.delete(message.transactionIdHex);
    return undefined;
  };
  /** Asks, with realm and nonce of the challenge if there is one. */
  const ask = async (method: methods, attributes: Attributes): Promise<Told> => {
    for (let tries = 3; tries > 0; tries -= 1) {
      const before = auth;
      // oxlint-disable-next-line no-await-in-loop -- once more with what the answer holds
      const answer = await request(method, attributes);
      if (!answer) return "silence";
      const code = codeOf(answer);
      const realm: string | undefined = answer.getAttributeValue("REALM");
      const nonce: Buffer | undefined = answer.getAttributeValue("NONCE");
      const challenged = nonce !== undefined && (code === 438 || (code === 401 && !before));
      if (!challenged) return String(code);
      auth = longTerm(credential, { realm: realm ?? before?.realm ?? "", nonce });
    }
    throw new Error("the server challenges again and again");
  };
  return {
    allocate: async (family, requested) => {
      const told = await ask(methods.ALLOCATE, [
        ["REQUESTED-TRANSPORT", REQUESTED[requested]],
        ["LIFETIME", LIFETIME_SECONDS],
        // As clients do, nobody asks for IPv4 by name.
        ...(family === "IPv6" ? [["REQUESTED-ADDRESS-FAMILY", IPV6] as const] : []),
      ]);
      holds = told === "0";
      return told;
    },
    permit: (peer) => ask(methods.CREATE_PERMISSION, [["XOR-PEER-ADDRESS", pair(peer)]]),
    bind: (channel, peer) =>
      ask(methods.CHANNEL_BIND, [
        ["CHANNEL-NUMBER", channel],
        ["XOR-PEER-ADDRESS", pair(peer)],
      ]),
    connect: (peer) => ask(CONNECT, [["XOR-PEER-ADDRESS", pair(peer)]]),
    send: (peer, data) => carrier.send(encodeSend(peer, data)),
    sendOn: (channel, data) => carrier.send(encodeChannelData(channel, data)),
    close: async () => {
      if (holds && !carrier.broken.aborted) await request(methods.REFRESH, [["LIFETIME", 0]]);
      await carrier.close();
    },
  };
}
