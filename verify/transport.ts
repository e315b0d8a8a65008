/** Carries TURN frames to a server and back, over UDP or TLS. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isIP, isIPv6 } from "node:net";
import { connect } from "node:tls";
import { within } from "./deadline.ts";
import { errorCode, type Finding, LegFailure } from "./findings.ts";
import type { IceUrl } from "./iceUrl.ts";
import { frameSplitter } from "./turnFrames.ts";

/** A way to a server. `broken` aborts, with a `LegFailure`, when it breaks before `close`. */
export interface Carrier {
  readonly broken: AbortSignal;
  /** Whole frames go to the one listener. */
  listen(listener: (frame: Buffer) => void): void;
  send(frame: Buffer): void;
  close(): Promise<void>;
}

/** `ca` is the PEM that a TLS server's certificate must lead to. */
export interface CarrierOptions {
  readonly ca: string;
  readonly signal: AbortSignal;
}

const CONNECT_MS = 3_000;
// The errors of X.509 verification: OpenSSL's names and Node's ERR_TLS_CERT_ALTNAME_INVALID.
const CERTIFICATE = /CERT|^UNABLE_TO_|^HOSTNAME_MISMATCH$/;

const broke = (url: IceUrl, code: string): Finding =>
  CERTIFICATE.test(code)
    ? { kind: "certificate", code }
    : { kind: "connection", transport: url.transport, code };

/** Opens a way to the URL's server. Rejects with a `LegFailure` when there is none within 3 s. */
export const openCarrier = (url: IceUrl, options: CarrierOptions): Promise<Carrier> =>
  within(CONNECT_MS, broke(url, "ETIMEDOUT"), options.signal, (signal) =>
    url.transport === "udp" ? openUdp(url, signal) : openTls(url, signal, options.ca),
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

async function openTls(url: IceUrl, signal: AbortSignal, ca: string): Promise<Carrier> {
  // SNI carries names only (RFC 6066 section 3); an address is checked against the IP SANs.
  const name = isIP(url.host) ? {} : { servername: url.host };
  const socket = connect({ host: url.host, port: url.port, ca, ...name });
  const closed = new Promise<void>((resolve) => void socket.once("close", () => resolve()));
  const end = new AbortController();
  const fail = (code: string) => end.abort(new LegFailure(broke(url, code)));
  const close = async () => {
    socket.destroy();
    await closed;
  };
  try {
    await once(socket, "secureConnect", { signal });
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
