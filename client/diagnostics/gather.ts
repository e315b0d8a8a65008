import type { IceServer } from "../pages/session.ts";
import type { Found, GatheredUrl, HttpsAnswer, IceError } from "./measured.ts";
import { authorityOf, isStun, transportOf } from "./urlState.ts";
import { comesTrue } from "./waiting.ts";

/**
 * How long a server has. Browsers go on for 10 s to 40 s when nothing comes back; an answer over a line
 * that a call would go over comes within a second.
 */
const LIMIT_MS = 8_000;

/** One server for each URL, so that each is asked alone. */
export const oneByOne = (servers: readonly IceServer[]): (IceServer & { url: string })[] =>
  servers.flatMap((it) => it.urls.map((url) => ({ ...it, urls: [url], url })));

/** Asks one URL for addresses. */
export async function gather(
  { url, ...server }: IceServer & { url: string },
  signal: AbortSignal,
): Promise<GatheredUrl> {
  const found: Found[] = [];
  const errors: IceError[] = [];
  const connection = new RTCPeerConnection({
    iceServers: [server],
    iceTransportPolicy: isStun(url) ? "all" : "relay",
  });
  const began = performance.now();
  const afterMs = () => performance.now() - began;
  connection.addEventListener("icecandidate", ({ candidate }) => {
    if (!candidate?.candidate || candidate.type === null) return;
    const { type: kind, address, port } = candidate;
    found.push({ kind, address: address ? `${address}:${port}` : undefined, afterMs: afterMs() });
  });
  connection.addEventListener("icecandidateerror", (event) => {
    // Chromium asks a TURN server as STUN server too, and says of both that they do not answer.
    if (event.url !== "" && event.url !== url) return;
    errors.push({ code: event.errorCode, text: event.errorText, afterMs: afterMs() });
  });
  try {
    connection.createDataChannel("gather");
    await connection.setLocalDescription();
    const complete = await comesTrue(
      connection,
      ["icegatheringstatechange"],
      () => connection.iceGatheringState === "complete",
      { withinMs: LIMIT_MS, signal },
    );
    return { url, found, errors, complete, tookMs: afterMs() };
  } finally {
    connection.close();
  }
}

/**
 * Asks the edge over HTTPS where it takes TURN over TLS on the same port: to compare. It is asked for
 * nothing that a page of another origin may not have.
 */
export async function askEdge(
  edge: string | undefined,
  urls: readonly string[],
  signal: AbortSignal,
): Promise<HttpsAnswer[]> {
  if (edge === undefined) return [];
  const { hostname, port } = new URL(edge);
  const at = `${hostname}:${port || 443}`;
  if (!urls.some((url) => transportOf(url) === "tls" && authorityOf(url) === at)) return [];
  const limit = new AbortController();
  const stop = () => limit.abort();
  const timer = setTimeout(stop, LIMIT_MS);
  signal.addEventListener("abort", stop);
  try {
    await fetch(`${edge}/healthz`, { mode: "no-cors", cache: "no-store", signal: limit.signal });
    return [{ origin: edge, answered: true }];
  } catch {
    signal.throwIfAborted();
    return [{ origin: edge, answered: false }];
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}
