/** Carries TURN frames to a server and back, over UDP, TCP or TLS. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect as connectTcp, isIP, isIPv6, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { within } from "./deadline.ts";
import { errorCode, type Finding, LegFailure } from "./findings.ts";
import type { IceUrl } from "./iceUrl.ts";
import { isCertificateError, trusting } from "./trust.ts";
import { frameSplitter } from "./turnFrames.ts";

/** A way to a server. `broken` aborts, with a `LegFailure`, when it breaks before `close`. */
export interface Carrier {
  readonly broken: AbortSignal;
  /** Whole frames go to the one listener. */
  listen(listener: (frame: Buffer) => void): void;
  send(frame: Buffer): void;
  close(): Promise<void>;
}

/** `ca` is the PEM of CAs that a TLS server's certificate may lead to besides the system's. */
export interface CarrierOptions {
  readonly ca?: string | undefined;
  readonly signal: AbortSignal;
}

const CONNECT_MS = 3_000;

const broke = (url: IceUrl, code: string): Finding =>
  isCertificateError(code)
    ? { kind: "certificate", code }
    : { kind: "connection", transport: url.transport, code };

/** Opens a way to the URL's server. Rejects with a `LegFailure` when there is none within 3 s. */
export const openCarrier = (url: IceUrl, options: CarrierOptions): Promise<Carrier> =>
  within(CONNECT_MS, broke(url, "ETIMEDOUT"), options.signal, (signal) =>
    url.transport === "udp" ? openUdp(url, signal) : openStream(url, signal, options.ca),
  );

async function openUdp(url: IceUrl, signal: AbortSignal): Promise<Carrier> {
  const socket = createSocket(isIPv6(url.host) ? "udp6" : "udp4");
  const closed = new Promise<void>((resolve) => void socket.once("close", resolve));
  const end = new AbortController();
  const fail = (error: unknown) => end.abort(new LegFailure(broke(url, errorCode(error))));
  const close = async () => {
    socket.close();
    await closed;
  };
  // A connected socket hears of a closed port at once (ICMP) and takes datagrams from the server
  // alone.
  socket.connect(url.port, url.host);
  try {
    await once(socket, "connect", { signal });
  } catch (error) {
    await close();
    throw new LegFailure(broke(url, errorCode(error)), { cause: error });
  }
  socket.on("error", fail);
  return {
    broken: end.signal,
    listen: (listener) => void socket.on("message", listener),
    send: (frame) => socket.send(frame, (error) => error && fail(error)),
    close,
  };
}

/** The stream, and the event that says it is open. */
function connect({ host, port, transport }: IceUrl, ca: string | undefined): [Socket, string] {
  if (transport === "tcp") return [connectTcp({ host, port }), "connect"];
  // SNI carries names only (RFC 6066 section 3); an address is checked against the IP SANs.
  const name = isIP(host) ? {} : { servername: host };
  return [connectTls({ host, port, secureContext: trusting(ca), ...name }), "secureConnect"];
}

async function openStream(
  url: IceUrl,
  signal: AbortSignal,
  ca: string | undefined,
): Promise<Carrier> {
  const [socket, opened] = connect(url, ca);
  const closed = new Promise<void>((resolve) => void socket.once("close", () => resolve()));
  const end = new AbortController();
  const fail = (code: string) => end.abort(new LegFailure(broke(url, code)));
  const close = async () => {
    socket.destroy();
    await closed;
  };
  try {
    await once(socket, opened, { signal });
  } catch (error) {
    await close();
    throw new LegFailure(broke(url, errorCode(error)), { cause: error });
  }
  const split = frameSplitter();
  socket.setNoDelay(true);
  socket.on("error", (error) => fail(errorCode(error)));
  socket.on("close", () => fail("closed by the server"));
  return {
    broken: end.signal,
    listen: (listener) =>
      void socket.on("data", (chunk) => {
        try {
          for (const frame of split(chunk)) listener(frame);
        } catch (error) {
          fail(errorCode(error));
        }
      }),
    send: (frame) => void socket.write(frame),
    close,
  };
}
