import type { Page } from "../page.ts";
import type { SignallingUrls } from "../signallingUrl.ts";
import type { ZodInstance } from "../zodInstance.ts";

/** LiveKit's client opens a WebSocket, and asks over HTTP why when it is refused. */
const origins = (url: string) => {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host} http${protocol === "wss:" ? "s" : ""}://${host}`;
};

/** What the page may do: run and look as its own files say, and talk to us and to LiveKit. */
const contentPolicy = (urls: readonly string[]) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // The empty icon.
    "img-src data:",
    `connect-src 'self' ${urls.map(origins).join(" ")}`,
    "media-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

/** `GET /demo`: the demo page, and what it loads below. */
export function demoPageRoutes(app: ZodInstance, page: Page, urls: SignallingUrls): void {
  const { livekitUrl, edgeLivekitUrl } = urls;
  const headers = {
    "content-security-policy": contentPolicy(
      edgeLivekitUrl === undefined ? [livekitUrl] : [livekitUrl, edgeLivekitUrl],
    ),
    "permissions-policy": "camera=(self), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
  for (const path of ["/demo", "/demo/"])
    app.get(path, (_request, reply) =>
      reply
        .headers({ ...headers, "cache-control": "no-cache" })
        .type("text/html; charset=utf-8")
        .send(page.html),
    );
  for (const [name, { type, text }] of Object.entries(page.assets))
    app.get(`/demo/${name}`, (_request, reply) =>
      reply
        .headers({
          "cache-control": "public, max-age=31536000, immutable",
          "x-content-type-options": "nosniff",
        })
        .type(type)
        .send(text),
    );
}
