/** Two pages of one browser, on the API's own origin, that call each other with the client library. */
import { build } from "esbuild";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { CallState, IceCall, RoomState } from "./icePage/states.ts";

const ROOT = join(import.meta.dirname, "..", "..");

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ["test/support/icePage/main.ts"],
    bundle: true,
    format: "iife",
    platform: "browser",
    logLevel: "silent",
    write: false,
  });
  const [script] = outputFiles;
  if (!script) throw new Error("esbuild made no bundle of the page");
  return script.text;
}

/** One page. Calls and rooms are told apart by their names. */
export interface IcePage {
  dial(call: IceCall): Promise<void>;
  enter(call: IceCall, ticketUrl: string): Promise<void>;
  callState(name: string): Promise<CallState>;
  roomState(name: string): Promise<RoomState>;
}

/**
 * Opens them on a document that `origin` itself serves, as browsers let nothing else into a private
 * network; its policy is for documents that hold no page, and is put aside.
 */
export async function openIcePages(browser: Browser, origin: string): Promise<[IcePage, IcePage]> {
  const script = await bundle();
  const context = await browser.newContext({ bypassCSP: true });
  const open = async () => {
    const page = await context.newPage();
    await page.goto(`${origin}/healthz`);
    await page.addScriptTag({ content: script });
    return drive(page);
  };
  return [await open(), await open()];
}

function drive(page: Page): IcePage {
  const ask = <Answer>(action: string, ...given: unknown[]) =>
    // Text, as only the page knows these names.
    page.evaluate<Answer>(`icePage.${action}(${given.map((it) => JSON.stringify(it)).join(", ")})`);
  return {
    dial: (call) => ask("dial", call),
    enter: (call, ticketUrl) => ask("enter", call, ticketUrl),
    callState: (name) => ask("state", name),
    roomState: (name) => ask("state", name),
  };
}
