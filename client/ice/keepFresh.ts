import { type Clock, type Mark, markNow, sinceMark, systemClock } from "./clock.ts";
import type { IceConfiguration } from "./configuration.ts";
import type { IceConfigClient } from "./iceConfigClient.ts";
import type { IceServerLike, PeerConnection } from "./peerConnection.ts";
import { isRelayed } from "./relayed.ts";

/** A path may come to a relay at any time, and `close` of a connection fires no event. */
const LOOK_EVERY_MS = 5_000;
/** A restart that the application has not carried out by then is asked for again. */
const RESTART_EVERY_MS = 30_000;

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
   * fires. Where only the other side may offer, ask that side here to do so.
   */
  readonly restart?: (connection: Connection) => void;
  readonly onEvent?: (event: KeptEvent) => void;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/**
 * Keeps a connection's credentials alive: gives it each new answer of `client`, and while its path is
 * relayed (or lost) has ICE restarted, since an allocation keeps the credential it was made with, and
 * another one on its socket is refused with 437 (RFC 8656, 5 and 7.2). Ends with the connection, with the
 * signal, or when the answer is called.
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
  let asked: { readonly for: string; readonly at: Mark } | undefined;
  let cancel: (() => void) | undefined;

  const configure = (configuration: IceConfiguration) => {
    if (stopped || ended() || configuration.source === "public-stun") return;
    const { iceServers } = configuration;
    if (textOf(iceServers) === wanted) return;
    notice();
    connection.setConfiguration({ ...connection.getConfiguration(), iceServers });
    wanted = textOf(iceServers);
    onEvent?.({ type: "configured", configuration });
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
    return asked?.for !== wanted || sinceMark(clock, asked.at) >= RESTART_EVERY_MS;
  };

  const restartIfNeeded = async () => {
    if (!due()) return;
    const lost = ["disconnected", "failed"].includes(connection.connectionState);
    if (!lost && !isRelayed(await connection.getStats())) return;
    // Another look may have come first.
    if (!due()) return;
    asked = { for: wanted, at: markNow(clock) };
    restart(connection);
    onEvent?.({ type: "restart", because: lost ? "disconnected" : "relayed" });
  };

  const look = () => {
    cancel?.();
    if (stopped || ended()) return;
    // Statistics of a connection that closes meanwhile may be refused.
    restartIfNeeded().catch(() => undefined);
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
    onEvent?.({ type: "stopped" });
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

const textOf = (servers: readonly Partial<IceServerLike>[]): string =>
  JSON.stringify(servers.map(({ username, credential }) => [username, credential]));

const credentialsOf = (connection: PeerConnection) =>
  textOf(connection.getConfiguration().iceServers ?? []);

/** Stands for one gathering; undefined before the first. */
const generationOf = ({ localDescription }: PeerConnection) =>
  localDescription === null ? undefined : /^a=ice-ufrag:(.*)$/m.exec(localDescription.sdp)?.[1];
