import type { Page } from "../page.ts";
import { serveAssets, servePage } from "../servePage.ts";
import type { SignallingUrls } from "../signallingUrl.ts";
import type { ZodInstance } from "../zodInstance.ts";

const path = "/demo";

/** `GET /demo`: the demo page, and what it loads below. */
export function demoPageRoutes(app: ZodInstance, page: Page, urls: SignallingUrls): void {
  servePage(app, page, { path, urls, permissions: "camera=(self), microphone=()" });
  serveAssets(app, page, path);
}
