/** Calls between two pages in real browsers, made by a script of our own on the demo page's origin. */
import { build } from "esbuild";
import { createHash, X509Certificate } from "node:crypto";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { type Path, pathOf } from "../../client/pages/path.ts";
import type { FileSeen, PeerWish, Relay, Signal, Stat } from "./callPage/messages.ts";
import { until } from "./until.ts";

/** What is waited for at most, on a busy machine. */
export const PATIENCE_MS = 60_000;

/** Flags of a browser that trusts a CA, and whose pages may make sound unasked. */
export function callFlags(ca: string): string[] {
  const key = new X509Certificate(ca).publicKey.export({ type: "spki", format: "der" });
  const hash = createHash("sha256").update(key).digest("base64");
  return [
    `--ignore-certificate-errors-spki-list=${hash}`,
    "--autoplay-policy=no-user-gesture-required",
  ];
}

/** What a call from browser to browser is like. */
export type CallWish = Pick<PeerWish, "relay"> & Partial<Omit<PeerWish, "call">>;

export interface CallPage {
  /** Gets ready for a call from browser to browser, and answers when called. */
  openPeer(call: number, wish: CallWish): Promise<void>;
  /** Calls. Once more restarts ICE. */
  offer(): Promise<void>;
  sendFile(bytes: number): Promise<FileSeen>;
  receivedFile(): Promise<FileSeen>;
  /** Joins the LiveKit room of the page's session, and sends a picture and a tone. */
  joinRoom(relay: Exclude<Relay, "none">): Promise<void>;
  hangUp(): Promise<void>;
  /** Waits until no connection looks for candidates any more. */
  gathered(): Promise<void>;
  /** W3C's `RTCPeerConnectionState` of each connection. */
  states(): Promise<string[]>;
  statistics(): Promise<Stat[][]>;
  /** The path in use of each connection that has one. */
  paths(): Promise<Path[]>;
  /** Waits until more of a picture and of a tone has arrived and been decoded. */
  getsMedia(): Promise<void>;
}

export type Pair = readonly [CallPage, CallPage];

export interface CallPagesInput {
  /** Of the two sides; may be the same one. */
  readonly browsers: readonly [Browser, Browser];
  /** Of the demo page; with tokens any page of the API's. */
  readonly url: string;
  /** Of a user who is signed in, one for each side. */
  readonly tokens?: readonly [string, string];
  /** Errors that nobody caught on the pages are added here. */
  readonly complaints: string[];
  /** What the pages may do unasked, in Playwright's words, such as `camera`. */
  readonly permissions?: readonly string[];
}

/** Two pages that can call each other, with a session of the demo's or of a user's each. */
export async function openCallPages(input: CallPagesInput): Promise<Pair> {
  const { browsers, url, complaints, permissions = [] } = input;
  const script = await pageScript();
  const open = async (browser: Browser) => {
    const page = await browser.newPage({ permissions: [...permissions] });
    page.setDefaultTimeout(PATIENCE_MS);
    page.on("pageerror", (error) => complaints.push(error.message));
    // A server with too much to do at once says so, which is no page.
    await until(async () => (await page.goto(url))?.ok(), PATIENCE_MS);
    await page.evaluate(script);
    return page;
  };
  const [one, two] = await Promise.all([open(browsers[0]), open(browsers[1])]);
  await Promise.all([carry(one, two), carry(two, one)]);
  return Promise.all([callPage(one, input.tokens?.[0]), callPage(two, input.tokens?.[1])]);
}

const carry = (from: Page, to: Page) =>
  from.exposeFunction("tellOtherSide", (signal: Signal) => act(to, "hear", signal));

/** Makes a call from browser to browser, which `one` begins. */
export async function callDirectly([one, two]: Pair, wish: CallWish): Promise<void> {
  calls += 1;
  await Promise.all([one.openPeer(calls, wish), two.openPeer(calls, wish)]);
  await one.offer();
}
let calls = 0;

/** A page's paths once they are as wanted; as they are in the end where they never are, to be told. */
export async function pathsOnce(
  page: CallPage,
  areWanted: (paths: readonly Path[]) => boolean,
): Promise<Path[]> {
  await until(async () => areWanted(await page.paths()), PATIENCE_MS).catch(() => undefined);
  return page.paths();
}

export const hangUpAll = (pages: Pair) => Promise.all(pages.map((it) => it.hangUp()));

/** Text, as only the browser knows these names. */
function act<Result = void>(page: Page, action: string, ...args: unknown[]): Promise<Result> {
  const words = args.map((it) => JSON.stringify(it)).join(", ");
  return page.evaluate<Result>(`turnkeyCalls.${action}(${words})`);
}

async function pageScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "callPage", "main.ts")],
    bundle: true,
    format: "iife",
    platform: "browser",
    write: false,
    logLevel: "silent",
  });
  return outputFiles.map(({ text }) => text).join("\n");
}

async function callPage(page: Page, token?: string): Promise<CallPage> {
  await act(page, "begin", "paths", ...(token === undefined ? [] : [token]));
  const statistics = () => act<Stat[][]>(page, "statistics");
  return {
    openPeer: (call, wish) => {
      const rest = { media: false, data: false, bundlePolicy: "balanced", ...wish } as const;
      return act(page, "openPeer", { call, ...rest } satisfies PeerWish);
    },
    offer: () => act(page, "offer"),
    sendFile: (bytes) => act(page, "sendFile", bytes),
    receivedFile: () => act(page, "receivedFile"),
    joinRoom: (relay) => act(page, "joinRoom", relay),
    hangUp: () => act(page, "hangUp"),
    gathered: () => until(() => act<boolean>(page, "gathered"), PATIENCE_MS).then(() => undefined),
    states: () => act(page, "states"),
    statistics,
    paths: async () => (await statistics()).flatMap((it) => pathOf(it) ?? []),
    getsMedia: async () => {
      const before = decoded((await statistics()).flat());
      await until(async () => {
        const { frames, samples } = decoded((await statistics()).flat());
        return frames >= before.frames + MORE.frames && samples >= before.samples + MORE.samples;
      }, PATIENCE_MS);
    },
  };
}

/** A second of the picture, and a fifth of one of the tone. */
const MORE = { frames: 5, samples: 9_600 };

/** What a page has decoded so far; of sound without what it made up for what was lost or late. */
function decoded(stats: readonly Stat[]) {
  const sum = (kind: string, key: string) =>
    stats
      .filter((it) => it["type"] === "inbound-rtp" && it["kind"] === kind)
      .reduce((total, it) => total + Number(it[key] ?? 0), 0);
  return {
    frames: sum("video", "framesDecoded"),
    samples: sum("audio", "totalSamplesReceived") - sum("audio", "concealedSamples"),
  };
}
