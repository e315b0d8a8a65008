import { type Mark, markNow, sinceMark } from "./clock.ts";
import type { IceConfiguration, IceSource } from "./configuration.ts";
import type { IceConfigEvent } from "./event.ts";
import type { Failure } from "./failure.ts";
import { freshMs } from "./life.ts";
import { type IceConfigOptions, type ResolvedOptions, resolveOptions } from "./options.ts";
import { type Granted, requestIce } from "./request.ts";
import { retryMs } from "./retry.ts";
import { onWake } from "./wake.ts";
import { within } from "./within.ts";

/** No timer is longer, as one that sleeps with the machine is late; each looks at the clock anew. */
const TICK_MS = 30_000;
/** What wakes a page may come in bursts. */
const WAKE_EVERY_MS = 1_000;

/** Where asking again before the application has changed something leads nowhere. */
const hopeless = new Set<Failure["reason"]>(["headers", "unauthorized", "refused"]);

/**
 * Gives ICE servers that can be used, whatever state the network and the API are in, and keeps asking for
 * new ones from the first `get` to `close`. Holds them in memory alone.
 */
export class IceConfigClient {
  readonly #options: ResolvedOptions;
  readonly #closed = new AbortController();
  readonly #listeners = new Set<(event: IceConfigEvent) => void>();
  readonly #stopWaking: () => void;
  #good: Granted | undefined;
  #failure: Failure | undefined;
  #failures = 0;
  #flight: Promise<void> | undefined;
  /** When to ask again: so many ms after that moment. */
  #next: { readonly ms: number; readonly from: Mark } | undefined;
  #told: IceSource | undefined;
  #cancelTick = () => {};

  /** Throws a `TypeError` for options that cannot be meant. Asks nothing yet. */
  constructor(options: IceConfigOptions) {
    this.#options = resolveOptions(options);
    this.#stopWaking = onWake(() => this.#wake());
    const { signal } = options;
    if (signal?.aborted) this.close();
    signal?.addEventListener("abort", () => this.close(), { signal: this.#closed.signal });
  }

  /**
   * The best ICE servers to be had: cached ones while they are fresh, else new ones; if the API gives none,
   * the last good ones while they live, else public STUN. Callers share one request. Rejects only when
   * `signal` is aborted or the client is closed.
   */
  async get({ signal }: { readonly signal?: AbortSignal } = {}): Promise<IceConfiguration> {
    const { clock, timeoutMs } = this.#options;
    const signals = this.#ending(signal);
    const start = markNow(clock);
    const before = this.#good;
    for (;;) {
      for (const it of signals) it.throwIfAborted();
      const wait = this.#flight ? 0 : this.#dueIn();
      if (!this.#failure && this.#good && wait > 0)
        return this.#good === before ? this.current() : this.#fresh();
      const patience = timeoutMs - sinceMark(clock, start);
      if (wait > 0 && (this.#leftMs() > 0 || this.#hopeless() || wait > patience))
        return this.current();
      if (patience <= 0) return { reason: "timeout", ...this.current() };
      const flight = wait > 0 ? undefined : this.#ask();
      // oxlint-disable-next-line no-await-in-loop -- one try after the other
      await within(clock, flight ? patience : wait, signals, flight);
      if (flight && this.#failure && this.#leftMs() > 0) return this.current();
    }
  }

  /** Like `get`, without asking or waiting: what is in hand. Never `fresh`. */
  current(): IceConfiguration {
    const left = this.#leftMs();
    const good = left > 0 ? this.#good : undefined;
    const { clock, publicStun } = this.#options;
    // Own STUN needs no credential, and outlives them.
    const stun = (this.#good?.iceServers ?? []).filter((it) => it.credential === undefined);
    const last = publicStun.length > 0 ? [...stun, { urls: [...publicStun] }] : stun;
    const skew = this.#good?.clockSkewMs;
    return {
      iceServers: structuredClone(good?.iceServers ?? last),
      source: good ? (this.#failure ? "last-good" : "cached") : "public-stun",
      ...(good && { expiresAt: clock.now() + left }),
      ...(this.#failure && { reason: this.#failure.reason }),
      ...(skew !== undefined && { clockSkewMs: skew }),
    };
  }

  /**
   * Asks the API anew, though what is cached is fresh or a failure is being waited out: after a sign-in, for
   * one. A request that is under way may be of the sign-in before, so it is let end first, which takes
   * `timeoutMs` at most. Only a `Retry-After` that has not passed is still kept to. Otherwise like `get`.
   */
  async refresh(options: { readonly signal?: AbortSignal } = {}): Promise<IceConfiguration> {
    const { clock, timeoutMs } = this.#options;
    const flight = this.#flight;
    if (flight) await within(clock, timeoutMs, this.#ending(options.signal), flight);
    if (!this.#held()) this.#next = undefined;
    return this.get(options);
  }

  /**
   * Has `listener` told what happens, in order, until the answer is called. What it throws reaches the
   * page's `error` event, or `uncaughtException` in Node, and stops nothing.
   */
  subscribe(listener: (event: IceConfigEvent) => void): () => void {
    const own = (event: IceConfigEvent) => listener(event);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Stops timers, requests, events; whoever waits for `get` gets a rejection. Can be called again. */
  close(): void {
    this.#closed.abort(new Error("the IceConfigClient is closed"));
    this.#cancelTick();
    this.#stopWaking();
    this.#listeners.clear();
  }

  /** What a caller waits no longer than. */
  #ending(signal?: AbortSignal): AbortSignal[] {
    return signal ? [signal, this.#closed.signal] : [this.#closed.signal];
  }

  #fresh(): IceConfiguration {
    return { ...this.current(), source: "fresh" };
  }

  /** Ms until the API may or must be asked; 0 or less when it is time. */
  #dueIn(): number {
    return this.#next ? this.#next.ms - sinceMark(this.#options.clock, this.#next.from) : 0;
  }

  #leftMs(): number {
    return this.#good ? this.#good.lifeMs - sinceMark(this.#options.clock, this.#good.asked) : 0;
  }

  #hopeless(): boolean {
    return this.#failure !== undefined && hopeless.has(this.#failure.reason);
  }

  /** Whether the API itself asked to be left alone for now. */
  #held(): boolean {
    return this.#failure?.retryAfterMs !== undefined && this.#dueIn() > 0;
  }

  /** Starts a request, or joins the one that is under way. */
  #ask(): Promise<void> {
    return (this.#flight ??= this.#request());
  }

  async #request(): Promise<void> {
    const { clock, random } = this.#options;
    const result = await requestIce(this.#options, this.#closed.signal);
    if (this.#closed.signal.aborted) return;
    this.#flight = undefined;
    if ("reason" in result) {
      this.#failure = result;
      const retryInMs = retryMs(++this.#failures, random(), result.retryAfterMs);
      this.#next = { ms: retryInMs, from: markNow(clock) };
      this.#emit({ type: "failed", retryInMs, ...result });
    } else {
      this.#good = result;
      this.#failure = undefined;
      this.#failures = 0;
      this.#next = { ms: freshMs(result.lifeMs, random()), from: result.asked };
      this.#emit({ type: "fresh", configuration: this.#fresh() });
    }
    this.#tick();
  }

  /** Tells of a fallback, asks if it is time, and looks again later. */
  #tick(): void {
    this.#cancelTick();
    const configuration = this.current();
    const { source, reason } = configuration;
    const fellBack = reason !== undefined && source !== this.#told;
    this.#told = source;
    if (fellBack) this.#emit({ type: "fallback", configuration, reason });
    const wait = this.#dueIn();
    if (wait <= 0) void this.#ask();
    const ms = wait > 0 ? Math.min(wait, TICK_MS) : TICK_MS;
    this.#cancelTick = this.#options.clock.setTimeout(() => this.#tick(), ms, true);
  }

  /** The network may be back, or hours may have passed. */
  #wake(): void {
    if (!this.#next || this.#flight) return;
    const due = sinceMark(this.#options.clock, this.#next.from) >= WAKE_EVERY_MS;
    if (this.#failure && due && !this.#held()) this.#next = undefined;
    this.#tick();
  }

  #emit(event: IceConfigEvent): void {
    // What a listener throws is the application's to see, and stops nothing here.
    for (const listener of this.#listeners)
      queueMicrotask(() => {
        if (this.#listeners.has(listener)) listener(event);
      });
  }
}
