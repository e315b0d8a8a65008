/** A server that lets web pages through and no calls. */
import type { Measured } from "../measured.ts";
import type { Finding } from "./finding.ts";
import { SIGNALLING } from "./room.ts";
import { hostOf, originAuthority, passes, type Server, tried } from "./server.ts";

/**
 * The servers of the edge's host when it answers over HTTPS, which a proxy in front of LiveKit does
 * without LiveKit, and nothing else there answers: neither a URL of its own nor signalling.
 */
export function deaf(all: readonly Server[], { https, rooms: { relay, any } }: Measured): Server[] {
  const unsignalled = [relay, any].some((it) => it.state === "failed" && it.stage === SIGNALLING);
  if (!unsignalled) return [];
  const edges = https
    .filter(({ answered }) => answered)
    .map(({ origin }) => hostOf(originAuthority(origin)));
  const own = tried(all).filter((it) => edges.includes(hostOf(it.at)));
  return own.some(passes) ? [] : own;
}

export const serverDown = (them: string): Finding => ({
  id: "server-down",
  level: "bad",
  title: "The server does not answer for calls",
  text: `This network lets web pages of the server through, but neither ${them} nor the signalling of calls answers: most likely LiveKit is down there, or refuses.`,
  mend: "Tell whoever runs the server (`npm run verify` shows it there). If calls work on another network, such as a phone's, this one lets nothing but web pages through: ask whoever runs it to allow calls.",
});
