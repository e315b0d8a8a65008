/** Which image each service runs when the settings name none. */
import type { Machine } from "./machine.ts";

/** Newest published LiveKit this project was written for. */
export const LIVEKIT_VERSION = "1.13.11";
/** Oldest supported: its credential format and livekit.yaml keys are the ones rendered here. */
export const OLDEST_LIVEKIT = "1.13.5";
/** Node by an exact version: api/Dockerfile builds on it, and where settings name no other the API runs in it. */
export const NODE_IMAGE = "node:24.21.0-bookworm-slim";
/**
 * The series that Debian 12 has, which is what machines without image registries and CI run. Its
 * Alpine variant brings Lua 5.3, the Prometheus exporter, and busybox's wget for the health check.
 */
const HAPROXY_IMAGE = "haproxy:2.6.32-alpine";

/** The ACME client of a node: it renews by ARI (RFC 9773), and orders for addresses. */
export const LEGO_IMAGE = "goacme/lego:v5.3.1";

/** First version that limits a user's relay allocations; older ones stop at the key, which they do not know. */
const FIRST_WITH_QUOTA = "1.13.6";

export const knowsAllocationQuota = (version: string): boolean =>
  version.localeCompare(FIRST_WITH_QUOTA, "en", { numeric: true }) >= 0;

export interface LivekitImage {
  readonly reference: string;
  readonly version: string;
}

/**
 * An image or a version that the settings name wins; then an image built on this machine; then the
 * published one.
 */
export function livekitImage(
  settings: { version?: string | undefined; image?: string | undefined },
  { localImages }: Machine,
): LivekitImage {
  if (settings.version === undefined && settings.image === undefined && localImages.livekit)
    return localImages.livekit;
  const version = settings.version ?? LIVEKIT_VERSION;
  return { reference: settings.image ?? `livekit/livekit-server:v${version}`, version };
}

/** The Node image that runs the API's bundle. */
export const nodeImage = (image: string | undefined, { localImages }: Machine): string =>
  image ?? localImages.node?.reference ?? NODE_IMAGE;

/** The HAProxy image that runs the edge. */
export const haproxyImage = (image: string | undefined, { localImages }: Machine): string =>
  image ?? localImages.haproxy?.reference ?? HAPROXY_IMAGE;
