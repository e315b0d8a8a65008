import type { TurnCredential } from "../turn/engine.ts";
import type { End } from "./exchange.ts";
import { LegFailure, type TurnRequest } from "./findings.ts";
import { type Address, addressLabel, type IceUrl } from "./iceUrl.ts";
import {
  type Answer,
  decode,
  encodeRequest,
  encodeSend,
  type LongTerm,
  longTerm,
  type RequestAttributes,
} from "./stun.ts";
import { Transactions } from "./transactions.ts";
import { type Carrier, openCarrier } from "./transport.ts";
import {
  decodeChannelData,
  encodeChannelData,
  FIRST_CHANNEL,
  isChannelData,
} from "./turnFrames.ts";

/** How a relay is reached: what is trusted, with which credential, until when. */
export interface TurnClientOptions {
  /** PEM of CAs trusted besides the system's. */
  readonly ca?: string | undefined;
  /** Absent for a STUN server, which asks for none. */
  readonly credential?: TurnCredential;
  readonly signal: AbortSignal;
}

const ANSWER_MS = 3_000;
const RELEASE_MS = 500;
// Long enough for every leg; an allocation that could not be given back soon ends by itself.
const LIFETIME_SECONDS = 60;

/**
 * A TURN client (RFC 8656) that tells what the server answered: werift's own drops error answers
 * that are not signed, which LiveKit's are not, and never gives an allocation back.
 */
export class TurnClient {
  readonly #credential: TurnCredential | undefined;
  readonly #carrier: Carrier;
  readonly #signal: AbortSignal;
  readonly #transactions: Transactions;
  readonly #listeners = new Map<string, (data: Buffer) => void>();
  readonly #channels = new Map<string, number>();
  readonly #peers = new Map<number, string>();
  #auth: LongTerm | undefined;
  /** Whether the server may hold an allocation for us: also when its answer never came. */
  #mayHold = false;

  private constructor(url: IceUrl, { credential, signal }: TurnClientOptions, carrier: Carrier) {
    this.#credential = credential;
    this.#carrier = carrier;
    this.#transactions = new Transactions(url.transport, carrier);
    this.#signal = AbortSignal.any([signal, carrier.broken]);
    carrier.listen((frame) => this.#receive(frame));
  }

  /** Connects; asks the server for nothing yet. */
  static async connect(url: IceUrl, options: TurnClientOptions): Promise<TurnClient> {
    return new TurnClient(url, options, await openCarrier(url, options));
  }

  /** Asks for the address the server sees us at. */
  async bind(): Promise<Address> {
    const { mapped } = await this.#request("Binding", {});
    if (!mapped) throw new Error("the answer to Binding holds no mapped address");
    return mapped;
  }

  /** Takes a relay address on the server; `tcp` asks for one by RFC 6062. */
  async allocate(requested: "udp" | "tcp" = "udp"): Promise<Address> {
    const attributes = { requested, lifetime: LIFETIME_SECONDS };
    this.#mayHold = true;
    const { relayed } = await this.#request("Allocate", attributes).catch((error: unknown) => {
      if (error instanceof LegFailure && error.finding.kind === "refused") this.#mayHold = false;
      throw error;
    });
    if (!relayed) throw new Error("the answer to Allocate holds no relay address");
    return relayed;
  }

  /** Has the server keep the allocation for another minute. */
  async refresh(): Promise<void> {
    await this.#request("Refresh", { lifetime: LIFETIME_SECONDS });
  }

  /** Lets the peer's address send to the relay and get data from it, for five minutes. */
  async permit(peer: Address): Promise<void> {
    await this.#request("CreatePermission", { peer });
  }

  /** Binds a channel to the peer: data to and from it then travels as ChannelData. */
  async bindChannel(peer: Address): Promise<void> {
    const channel = FIRST_CHANNEL + this.#peers.size;
    const label = addressLabel(peer);
    this.#peers.set(channel, label); // data may overtake the answer
    await this.#request("ChannelBind", { peer, channel });
    this.#channels.set(label, channel);
  }

  /** The relay as one end of an exchange with a peer that was permitted or bound. */
  endTowards(peer: Address): End {
    const label = addressLabel(peer);
    const channel = this.#channels.get(label);
    return {
      signal: this.#signal,
      send: (data) =>
        this.#carrier.send(
          channel === undefined ? encodeSend(peer, data) : encodeChannelData(channel, data),
        ),
      listen: (listener) => void this.#listeners.set(label, listener),
    };
  }

  /** Gives the allocation back, so that it counts against no quota, and closes the connection. */
  async close(): Promise<void> {
    const { broken } = this.#carrier;
    if (this.#mayHold && this.#auth && !broken.aborted)
      // Even when the run was stopped. Without an answer, the lifetime ends the allocation.
      await this.#request("Refresh", { lifetime: 0 }, { ms: RELEASE_MS, signal: broken }).catch(
        () => undefined,
      );
    await this.#carrier.close();
  }

  #receive(frame: Buffer): void {
    if (isChannelData(frame)) {
      const message = decodeChannelData(frame);
      const peer = message && this.#peers.get(message.channel);
      if (peer) this.#listeners.get(peer)?.(message.data);
      return;
    }
    const message = decode(frame, this.#auth?.key);
    if (message?.kind === "data") this.#listeners.get(addressLabel(message.peer))?.(message.data);
    else if (message) this.#transactions.settle(message);
  }

  /**
   * One request; first without credential, as the server's realm and nonce come with its refusal.
   */
  async #request(
    request: TurnRequest,
    attributes: RequestAttributes,
    limit: { ms: number; signal: AbortSignal } = { ms: ANSWER_MS, signal: this.#signal },
  ): Promise<Answer> {
    const ask = () =>
      this.#transactions.run(encodeRequest(request, attributes, this.#auth), { request, ...limit });
    let answer = await ask();
    for (let retries = 2; retries > 0 && this.#learnsFrom(answer); retries -= 1)
      answer = await ask();
    return accepted(request, answer);
  }

  /** Takes realm and nonce from a challenge, or from a stale nonce's refusal; asking again helps. */
  #learnsFrom({ errorCode, realm = this.#auth?.realm, nonce }: Answer): boolean {
    const isChallenge = errorCode === (this.#auth ? 438 : 401);
    if (!isChallenge || !this.#credential || realm === undefined || !nonce) return false;
    this.#auth = longTerm(this.#credential, { realm, nonce });
    return true;
  }
}

function accepted(request: TurnRequest, answer: Answer): Answer {
  if (answer.errorCode !== undefined)
    throw new LegFailure({ kind: "refused", request, code: answer.errorCode });
  if (request !== "Binding" && !answer.signed) throw new LegFailure({ kind: "unsigned", request });
  return answer;
}
