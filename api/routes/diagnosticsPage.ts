import type { DiagnosticsAccess } from "../diagnosticsAccess.ts";
import type { Page } from "../page.ts";
import { serveAssets, servePage } from "../servePage.ts";
import type { SignallingUrls } from "../signallingUrl.ts";
import type { TurnDeps } from "../turnCredential.ts";
import type { ZodInstance } from "../zodInstance.ts";
import { admitAnybody, admitSignedIn, diagnosticsSessionRoute } from "./diagnosticsSession.ts";
import type { RoomDeps } from "./roomToken.ts";

const path = "/diagnostics";

/** The page, which tells its script who may run it. */
export interface Diagnostics {
  readonly page: Page;
  readonly access: DiagnosticsAccess;
}

const mark = (access: DiagnosticsAccess) => `data-access="${access}"`;

/** Writes into a page who may run it: its script asks for a token where one is needed. */
export function diagnosticsOf(page: Page, access: DiagnosticsAccess): Diagnostics {
  const unmarked = mark("anybody");
  if (!page.html.includes(unmarked)) throw new Error(`the diagnostics page has no ${unmarked}`);
  return { page: { ...page, html: page.html.replace(unmarked, mark(access)) }, access };
}

const options = (urls: SignallingUrls) => ({ path, urls, permissions: "camera=(), microphone=()" });

/**
 * `GET /diagnostics` and what the page loads, as far as they need no sign-in. Where a token is needed
 * the page itself is open, as a browser has no token to ask for it with, and it holds nothing.
 */
export function openDiagnosticsRoutes(
  app: ZodInstance,
  { page, access }: Diagnostics,
  deps: TurnDeps & RoomDeps,
): void {
  serveAssets(app, page, path);
  if (access !== "browser") servePage(app, page, options(deps));
  if (access === "anybody") diagnosticsSessionRoute(app, deps, admitAnybody(deps));
}

/** The rest, below `requireSignIn`. */
export function signedInDiagnosticsRoutes(
  scope: ZodInstance,
  { page, access }: Diagnostics,
  deps: TurnDeps & RoomDeps,
): void {
  if (access === "browser") servePage(scope, page, options(deps));
  if (access !== "anybody") diagnosticsSessionRoute(scope, deps, admitSignedIn);
}
