import { attempt } from "./attempt.ts";
import { type Clock, type Mark, markNow, sinceMark, systemClock } from "./clock.ts";
import type { IceConfiguration } from "./configuration.ts";
import type { IceConfigClient } from "./iceConfigClient.ts";
import type { IceServerLike, PeerConnection } from "./peerConnection.ts";
import { isRelayed } from "./relayed.ts";

/** A path may come to a relay at any time, and `close` of a connection fires no event. */
const LOOK_EVERY_MS = 5_000;
/** A restart that the application has not carried out by then is asked for again. */
const RESTART_EVERY_MS = 30_000;
/** One that could not be asked for is due at the next look, but not at each change of state. */
const RETRY_MS = 3_000;

/**
 * What happened to a connection: `configured`, it has new credentials for whatever it gathers next;
 * `restart`, an ICE restart was asked for, as what it gathered before is of older ones; `stopped`.
 */
export type KeptEvent =
  | { readonly type: "configured"; readonly configuration: IceConfiguration }
  | { readonly type: "restart"; readonly because: "relayed" | "disconnected" }
  | { readonly type: "stopped" };

export interface KeepFreshOptions<Connection extends PeerConnection> {
  /** Stops it, without touching the connection. */
  readonly signal?: AbortSignal;
  /**
   * Has the ICE restart negotiated. Default: the connection's `restartIce`, upon which `negotiationneeded`
   * fires. Where only the other side may offer, ask that side here to do so. If it throws, it is called
   * again about 5 s later; a promise is not waited for.
   */
  readonly restart?: (connection: Connection) => void;
  /** Is told at once. What it throws stops nothing. */
  readonly onEvent?: (event: KeptEvent) => void;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/**
 * Keeps a connection's credentials alive: gives it each new answer of `client`, and while its path is
 * relayed (or lost) has ICE restarted, since an allocation keeps the credential it was made with, and
 * another one on its socket is refused with 437 (RFC 8656, 5 and 7.2). Ends with the connection, with the
 * signal, or when the answer is called. What `restart`, `onEvent` or `setConfiguration` throws reaches the
 * page's `error` event, or `uncaughtException` in Node, and does not end it.
 */
export function keepFresh<Connection extends PeerConnection>(
  connection: Connection,
  client: IceConfigClient,
  options: KeepFreshOptions<Connection> = {},
): () => void {
  const { signal, onEvent, clock = systemClock, restart = (it) => it.restartIce() } = options;
  let stopped = false;
  let wanted = credentialsOf(connection);
  let gathered = wanted;
  let generation = generationOf(connection);
  let asked: { readonly for: string; readonly at: Mark; readonly ms: number } | undefined;
  let cancel: (() => void) | undefined;

  const tell = (event: KeptEvent) => attempt(() => onEvent?.(event));

  const configure = (configuration: IceConfiguration) => {
    if (stopped || ended() || configuration.source === "public-stun") return;
    const { iceServers } = configuration;
    if (textOf(iceServers) === wanted) return;
    notice();
    const set = attempt(() =>
      connection.setConfiguration({ ...connection.getConfiguration(), iceServers }),
    );
    if (!set) return;
    wanted = textOf(iceServers);
    tell({ type: "configured", configuration });
    look();
  };

  // A new ufrag means that candidates are gathered anew (RFC 8445, 9), with the credentials set last.
  const notice = () => {
    const latest = generationOf(connection);
    if (latest !== generation) gathered = wanted;
    generation = latest;
  };

  const ended = () => {
    const over = connection.signalingState === "closed";
    if (over) stop();
    return over;
  };

  const due = () => {
    if (stopped || ended()) return false;
    notice();
    if (generation === undefined || gathered === wanted) return false;
    return asked?.for !== wanted || sinceMark(clock, asked.at) >= asked.ms;
  };

  const relayed = async () => {
    try {
      return isRelayed(await connection.getStats());
    } catch {
      // Those of a connection that closes meanwhile may be refused.
      return false;
    }
  };

  const restartIfNeeded = async () => {
    if (!due()) return;
    const lost = ["disconnected", "failed"].includes(connection.connectionState);
    if (!lost && !(await relayed())) return;
    // Another look may have come first.
    if (!due()) return;
    // First, as it may change the connection's state, which has it looked at.
    asked = { for: wanted, at: markNow(clock), ms: RETRY_MS };
    if (!attempt(() => restart(connection))) return;
    asked = { ...asked, ms: RESTART_EVERY_MS };
    tell({ type: "restart", because: lost ? "disconnected" : "relayed" });
  };

  const look = () => {
    cancel?.();
    if (stopped || ended()) return;
    void restartIfNeeded();
    cancel = clock.setTimeout(look, LOOK_EVERY_MS, true);
  };

  const stop = () => {
    if (stopped) return;
    stopped = true;
    cancel?.();
    unsubscribe();
    signal?.removeEventListener("abort", stop);
    connection.removeEventListener("signalingstatechange", look);
    connection.removeEventListener("connectionstatechange", look);
    tell({ type: "stopped" });
  };

  const unsubscribe = client.subscribe((event) => {
    if (event.type === "fresh") configure(event.configuration);
  });
  connection.addEventListener("signalingstatechange", look);
  connection.addEventListener("connectionstatechange", look);
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  look();
  // Sets the client going, if nobody has; rejects only when it is closed.
  client.get().then(configure, stop);
  return stop;
}

/** Blink tells empty credentials of entries that were given none. */
const textOf = (servers: readonly Partial<IceServerLike>[]): string =>
  JSON.stringify(servers.map((it) => [it.username ?? "", it.credential ?? ""]));

const credentialsOf = (connection: PeerConnection) =>
  textOf(connection.getConfiguration().iceServers ?? []);

/** Stands for one gathering; undefined before the first. */
const generationOf = ({ localDescription }: PeerConnection) =>
  localDescription === null ? undefined : /^a=ice-ufrag:(.*)$/m.exec(localDescription.sdp)?.[1];
