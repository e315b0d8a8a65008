import { promised, sleep, within } from "./deadline.ts";
import type { TurnRequest } from "./findings.ts";
import type { Transport } from "./iceUrl.ts";
import type { Answer } from "./stun.ts";
import type { Carrier } from "./transport.ts";

/** A request on its way, for how long its answer is awaited and what it is called. */
export interface Waiting {
  readonly request: TurnRequest;
  readonly ms: number;
  readonly signal: AbortSignal;
}

const FIRST_RETRY_MS = 250; // doubles each time; RFC 8489 section 6.2.1 begins at 500 ms

/** Pairs requests with their answers (RFC 8489 section 6). */
export class Transactions {
  readonly #transport: Transport;
  readonly #carrier: Pick<Carrier, "send">;
  readonly #pending = new Map<string, (answer: Answer) => void>();

  constructor(transport: Transport, carrier: Pick<Carrier, "send">) {
    this.#transport = transport;
    this.#carrier = carrier;
  }

  /** Sends a request until its answer comes. Rejects with a `LegFailure` when none does in time. */
  run(
    { bytes, transaction }: { readonly bytes: Buffer; readonly transaction: string },
    { request, ms, signal: outer }: Waiting,
  ): Promise<Answer> {
    const silence = { kind: "no-answer", transport: this.#transport, request } as const;
    return within(ms, silence, outer, async (signal) => {
      const answered = new AbortController();
      try {
        return await promised<Answer>(signal, (resolve) => {
          this.#pending.set(transaction, resolve);
          this.#carrier.send(bytes);
          // A stream loses nothing; datagrams are repeated until the signal ends.
          if (this.#transport === "udp")
            this.#repeat(bytes, AbortSignal.any([signal, answered.signal])).catch(() => undefined);
        });
      } finally {
        answered.abort();
        this.#pending.delete(transaction);
      }
    });
  }

  /** Hands an answer to whoever waits for it. */
  settle({ transaction, answer }: { transaction: string; answer: Answer }): void {
    this.#pending.get(transaction)?.(answer);
  }

  async #repeat(bytes: Buffer, signal: AbortSignal): Promise<never> {
    for (let pause = FIRST_RETRY_MS; ; pause *= 2) {
      await sleep(pause, signal);
      this.#carrier.send(bytes);
    }
  }
}
