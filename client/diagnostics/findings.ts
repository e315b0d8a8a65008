/** What the measurements mean, in plain words: pure, so that every sentence can be tested. */
import { answers } from "./findings/answers.ts";
import { type Finding, levels } from "./findings/finding.ts";
import { reach } from "./findings/reach.ts";
import { proof } from "./findings/relay.ts";
import { noAddress, withoutAddress } from "./findings/relayMute.ts";
import { rooms } from "./findings/room.ts";
import { serverOf, some } from "./findings/server.ts";
import { deaf, serverDown } from "./findings/serverDown.ts";
import { tls } from "./findings/tls.ts";
import { udp } from "./findings/udp.ts";
import type { Measured } from "./measured.ts";

export type { Finding, Level } from "./findings/finding.ts";

/** `well`: nothing in the way. `limited`: calls work nevertheless. `failing`: they do not, or may not. */
export type Verdict = "well" | "limited" | "failing";

/** Everything there is to say of a run, the worst first. */
export function findings(measured: Measured): Finding[] {
  if (!measured.webrtc) return [noWebrtc];
  const servers = measured.urls.map(serverOf);
  const down = deaf(servers, measured);
  const mute = withoutAddress(servers);
  const telling = servers.filter((it) => !down.includes(it) && !mute.includes(it));
  const all = [
    ...answers(servers),
    ...some(down, serverDown),
    ...some(mute, noAddress),
    ...udp(telling, measured),
    ...tls(telling, measured),
    ...proof(measured.relay),
    // All that these would say is that the server does not answer.
    ...(down.length > 0 ? [] : [...reach(servers), ...rooms(measured)]),
  ];
  return levels.flatMap((level) => all.filter((it) => it.level === level));
}

/** The verdict on a network. */
export function verdictOf(found: readonly Finding[]): Verdict {
  if (found.some(({ level }) => level === "bad")) return "failing";
  return found.some(({ level }) => level === "warning") ? "limited" : "well";
}

/** The verdict in a sentence. */
export const headlines = {
  well: "All is well: this network can call.",
  limited: "This network can call, but something is in the way.",
  failing: "Calls fail on this network, or some of them do.",
} satisfies Record<Verdict, string>;

const noWebrtc: Finding = {
  id: "no-webrtc",
  level: "bad",
  title: "This browser does not call",
  text: "It has no WebRTC, or an extension or a rule of its administrator switched it off.",
  mend: "Allow WebRTC for this page, or use another browser.",
};
