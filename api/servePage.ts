import type { Page } from "./page.ts";
import type { SignallingUrls } from "./signallingUrl.ts";
import type { ZodInstance } from "./zodInstance.ts";

/** LiveKit's client opens a WebSocket, and asks over HTTP why when it is refused. */
const origins = (url: string) => {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host} http${protocol === "wss:" ? "s" : ""}://${host}`;
};

/** What a page may do: run and look as its own files say, and talk to us and to LiveKit. */
const contentPolicy = ({ livekitUrl, edgeLivekitUrl }: SignallingUrls) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // The empty icon.
    "img-src data:",
    `connect-src 'self' ${[livekitUrl, edgeLivekitUrl]
      .filter((it) => it !== undefined)
      .map(origins)
      .join(" ")}`,
    "media-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

export interface PageOptions {
  /** Where it is, such as `/demo`. */
  readonly path: string;
  readonly urls: SignallingUrls;
  /** Permissions-Policy of the page. */
  readonly permissions: string;
}

/** Serves a page's HTML, asked for anew each time. */
export function servePage(
  app: ZodInstance,
  { html }: Pick<Page, "html">,
  { path, urls, permissions }: PageOptions,
): void {
  const headers = {
    "content-security-policy": contentPolicy(urls),
    "permissions-policy": permissions,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",
  };
  for (const address of [path, `${path}/`])
    app.get(address, { schema: { hide: true } }, (_request, reply) =>
      reply.headers(headers).type("text/html; charset=utf-8").send(html),
    );
}

/** Serves what a page loads, which is no secret and may be kept for good, as names change with contents. */
export function serveAssets(app: ZodInstance, { assets }: Pick<Page, "assets">, path: string) {
  for (const [name, { type, text }] of Object.entries(assets))
    app.get(`${path}/${name}`, { schema: { hide: true } }, (_request, reply) =>
      reply
        .headers({
          "cache-control": "public, max-age=31536000, immutable",
          "x-content-type-options": "nosniff",
        })
        .type(type)
        .send(text),
    );
}
