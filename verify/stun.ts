/** STUN messages for the TURN client, typed, on werift's codec (RFC 8489, RFC 8656). */
import { classes, makeIntegrityKey, Message, methods, parseMessage } from "werift";
import type { TurnRequest } from "./findings.ts";
import type { Address } from "./iceUrl.ts";

const METHODS = {
  Binding: methods.BINDING,
  Allocate: methods.ALLOCATE,
  Refresh: methods.REFRESH,
  CreatePermission: methods.CREATE_PERMISSION,
  ChannelBind: methods.CHANNEL_BIND,
} satisfies Record<TurnRequest, methods>;

// Protocol numbers in the first of four bytes (RFC 8656 section 18.8; TCP by RFC 6062 section 6.1).
const REQUESTED_TRANSPORT = { udp: 17 << 24, tcp: 6 << 24 };

/**
 * User name, realm, nonce and the key made from them: STUN's long-term credential (RFC 8489 section
 * 9.2).
 */
export interface LongTerm {
  readonly username: string;
  readonly realm: string;
  readonly nonce: Buffer;
  readonly key: Buffer;
}

/** The attributes of requests that verify sends. Lifetimes in seconds. */
export interface RequestAttributes {
  readonly lifetime?: number;
  /** What an allocation carries to its peers. */
  readonly requested?: "udp" | "tcp";
  readonly peer?: Address;
  readonly channel?: number;
}

/** The answer to a request, as far as verify reads it. */
export interface Answer {
  /** Undefined on success. */
  readonly errorCode?: number;
  /**
   * Whether the key signed it, as it must sign every success (RFC 8489 section 9.2.5). Errors come
   * unsigned.
   */
  readonly signed: boolean;
  readonly realm?: string;
  readonly nonce?: Buffer;
  readonly relayed?: Address;
  readonly mapped?: Address;
}

/** Any message a server sends to its client. */
export type Incoming =
  | { readonly kind: "answer"; readonly transaction: string; readonly answer: Answer }
  | { readonly kind: "data"; readonly peer: Address; readonly data: Buffer };

const pair = ({ host, port }: Address): [string, number] => [host, port];

type AttributeName = Parameters<Message["getAttributeValue"]>[0];

function address(message: Message, name: AttributeName): Address | undefined {
  const value: [string, number] | undefined = message.getAttributeValue(name);
  return value && { host: value[0], port: value[1] };
}

/** The key and its parts for a server's realm and nonce. */
export const longTerm = (
  { username, credential }: { username: string; credential: string },
  { realm, nonce }: { realm: string; nonce: Buffer },
): LongTerm => ({ username, realm, nonce, key: makeIntegrityKey(username, realm, credential) });

/** A request's bytes and the transaction id its answer will carry. */
export function encodeRequest(
  request: TurnRequest,
  { lifetime, requested, peer, channel }: RequestAttributes,
  auth?: LongTerm,
): { bytes: Buffer; transaction: string } {
  const message = new Message(METHODS[request], classes.REQUEST);
  if (requested) message.setAttribute("REQUESTED-TRANSPORT", REQUESTED_TRANSPORT[requested]);
  if (lifetime !== undefined) message.setAttribute("LIFETIME", lifetime);
  if (channel !== undefined) message.setAttribute("CHANNEL-NUMBER", channel);
  if (peer) message.setAttribute("XOR-PEER-ADDRESS", pair(peer));
  if (auth)
    message
      .setAttribute("USERNAME", auth.username)
      .setAttribute("REALM", auth.realm)
      .setAttribute("NONCE", auth.nonce)
      .addMessageIntegrity(auth.key);
  return { bytes: message.bytes, transaction: message.transactionIdHex };
}

/** A Send indication: data for a peer there is a permission for. */
export const encodeSend = (peer: Address, data: Buffer): Buffer =>
  new Message(methods.SEND, classes.INDICATION)
    .setAttribute("XOR-PEER-ADDRESS", pair(peer))
    .setAttribute("DATA", data).bytes;

/** Reads a message from the server; undefined when it is none. */
export function decode(frame: Buffer, key?: Buffer): Incoming | undefined {
  const message = parseMessage(frame);
  if (!message) return undefined;
  if (message.messageClass === classes.INDICATION) {
    const peer = address(message, "XOR-PEER-ADDRESS");
    const data: Buffer | undefined = message.getAttributeValue("DATA");
    return peer && data && { kind: "data", peer, data };
  }
  if (message.messageClass === classes.REQUEST) return undefined;
  const error: [number, string] | undefined = message.getAttributeValue("ERROR-CODE");
  const realm: string | undefined = message.getAttributeValue("REALM");
  const nonce: Buffer | undefined = message.getAttributeValue("NONCE");
  const relayed = address(message, "XOR-RELAYED-ADDRESS");
  const mapped = address(message, "XOR-MAPPED-ADDRESS");
  return {
    kind: "answer",
    transaction: message.transactionIdHex,
    answer: {
      signed: key !== undefined && parseMessage(frame, key) !== undefined,
      ...(error && { errorCode: error[0] }),
      ...(realm !== undefined && { realm }),
      ...(nonce && { nonce }),
      ...(relayed && { relayed }),
      ...(mapped && { mapped }),
    },
  };
}
