/** What the measurements mean, in plain words: pure, so that every sentence can be tested. */
import { describePath } from "../pages/describePath.ts";
import type { Attempt, GatheredUrl, Measured, RelayProof, RoomProof } from "./measured.ts";
import { describeMs, describeThroughput, lossPercent, megabits } from "./numbers.ts";
import { authorityOf, isStun, transportOf, urlState, type UrlState } from "./urlState.ts";

/** `bad`: calls fail or may fail. `warning`: calls work, but worse than they could. `note`: good to know. */
export type Level = (typeof levels)[number];

export interface Finding {
  readonly id: string;
  readonly level: Level;
  readonly title: string;
  readonly text: string;
  /** What to do about it. */
  readonly mend?: string | undefined;
}

/** `well`: nothing in the way. `limited`: calls work nevertheless. `failing`: they do not, or may not. */
export type Verdict = "well" | "limited" | "failing";

/** The stage of a room that failed before LiveKit said anything. */
const SIGNALLING = "signalling";
/** ITU-T G.114: above 150 ms each way people notice in a conversation. */
const SLOW_ROUND_TRIP_MS = 300;
/** Sound conceals single lost packets; at a few in a hundred both sound and picture suffer. */
const MUCH_LOSS_PERCENT = 3;
/** What one picture of 1280x720 takes. */
const LITTLE_MEGABITS = 1.5;

interface Server {
  readonly url: string;
  readonly state: UrlState;
  readonly at: string;
  /** Whether the browser gave a reason for what failed. */
  readonly hasReason: boolean;
}

const server = (it: GatheredUrl): Server => ({
  url: it.url,
  state: urlState(it),
  at: authorityOf(it.url),
  hasReason: it.errors.length > 0,
});

const hostOf = (at: string) => at.slice(0, at.lastIndexOf(":"));
const list = (servers: readonly Server[]) => [...new Set(servers.map(({ at }) => at))].join(", ");

/** Everything there is to say of a run, the worst first. */
export function findings(measured: Measured): Finding[] {
  if (!measured.webrtc) return [noWebrtc];
  const servers = measured.urls.map(server);
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

/** The worst first. */
const levels = ["bad", "warning", "note", "good"] as const;

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

/** What servers said themselves. */
function answers(servers: readonly Server[]): Finding[] {
  const [refused, full, unknown] = (["refused", "full", "unknown"] as const).map((state) =>
    servers.filter((it) => it.state === state),
  );
  return [
    ...some(refused, (them) => ({
      id: "credential-refused",
      level: "bad",
      title: "The relay refuses the credential",
      text: `${them} answered and said no. The network is not at fault.`,
      mend: "Tell whoever runs the server: the clocks of API and relay differ, or their keys do.",
    })),
    ...some(full, (them) => ({
      id: "relay-full",
      level: "bad",
      title: "The relay has no room left",
      text: `${them} answered that the limit of this user, or of the server, is reached.`,
      mend: "Close other calls, wait ten minutes and try again; then tell whoever runs the server.",
    })),
    ...some(unknown, (them) => ({
      id: "name-unknown",
      level: "bad",
      title: "A server's name is not found",
      text: `This network's name service (DNS) does not know ${them}.`,
      mend: "Ask whoever runs the network to let the name be looked up, or try another DNS server.",
    })),
  ];
}

const some = (
  servers: readonly Server[] | undefined,
  make: (them: string) => Finding,
): Finding[] => (servers && servers.length > 0 ? [make(list(servers))] : []);

/** Servers that were tried at all: what has no name tells nothing of what is let through. */
const tried = (servers: readonly Server[]) => servers.filter(({ state }) => state !== "unknown");
const passes = ({ state }: Server) => ["works", "refused", "full"].includes(state);

/**
 * The servers of the edge's host when it answers over HTTPS, which a proxy in front of LiveKit does
 * without LiveKit, and nothing else there answers: neither a URL of its own nor signalling.
 */
function deaf(all: readonly Server[], { https, rooms: { relay, any } }: Measured): Server[] {
  const unsignalled = [relay, any].some((it) => it.state === "failed" && it.stage === SIGNALLING);
  if (!unsignalled) return [];
  const edges = https
    .filter(({ answered }) => answered)
    .map(({ origin }) => hostOf(originAuthority(origin)));
  const own = tried(all).filter((it) => edges.includes(hostOf(it.at)));
  return own.some(passes) ? [] : own;
}

const serverDown = (them: string): Finding => ({
  id: "server-down",
  level: "bad",
  title: "The server does not answer for calls",
  text: `This network lets web pages of the server through, but neither ${them} nor the signalling of calls answers: most likely LiveKit is down there, or refuses.`,
  mend: "Tell whoever runs the server (`npm run verify` shows it there). If calls work on another network, such as a phone's, this one lets nothing but web pages through: ask whoever runs it to allow calls.",
});

/**
 * Relays that the network cannot be blamed for: over UDP another URL of the very same address passes.
 * With them go those of the host over TLS that failed without a reason.
 */
function withoutAddress(all: readonly Server[]): Server[] {
  const failed = tried(all).filter((it) => !isStun(it.url) && !passes(it));
  const open = all.filter((it) => transportOf(it.url) === "udp" && passes(it)).map(({ at }) => at);
  const overUdp = failed.filter((it) => transportOf(it.url) === "udp" && open.includes(it.at));
  const hosts = overUdp.map(({ at }) => hostOf(at));
  const overTls = failed.filter(
    (it) =>
      transportOf(it.url) === "tls" &&
      it.state === "broken" &&
      !it.hasReason &&
      hosts.includes(hostOf(it.at)),
  );
  return [...overUdp, ...overTls];
}

const noAddress = (them: string): Finding => ({
  id: "relay-mute",
  level: "warning",
  title: "The relay gives no address",
  text: `UDP reaches the server, but the relay at ${them} did not answer with an address. The network is most likely not at fault: a limit may be used up, or the credential refused.`,
  mend: "Close other calls, wait ten minutes and try again; then tell whoever runs the server.",
});

function udp(all: readonly Server[], { rooms: { any } }: Measured): Finding[] {
  const servers = tried(all.filter(({ url }) => transportOf(url) === "udp"));
  if (servers.length === 0) return [];
  const blocked = servers.filter((it) => !passes(it));
  const direct = directOver(any) === "udp";
  if (blocked.length === 0)
    return [
      {
        id: "udp-open",
        level: "good",
        title: "UDP gets through",
        text: `${list(servers)} answered over UDP, the fastest way for sound and pictures.`,
      },
    ];
  if (blocked.length < servers.length)
    return some(blocked, (them) => ({
      id: "udp-partly-blocked",
      level: "warning",
      title: "Some UDP does not get through",
      text: `Nothing came back from ${them} over UDP, but other servers answered.`,
      mend: `Ask whoever runs the network to allow UDP to ${them}.`,
    }));
  const ports = [...new Set(servers.map(({ at }) => `${at.slice(at.lastIndexOf(":") + 1)}/udp`))];
  const them = list(servers);
  return direct
    ? [
        {
          id: "udp-port-blocked",
          level: "warning",
          title: `${ports.join(" and ")} is blocked, other UDP is not`,
          text: `Nothing came back from ${them} over UDP, but a call reached LiveKit over UDP on another port. Calls with LiveKit are fine; those from browser to browser use TLS for their relay.`,
          mend: `Ask whoever runs the network to allow UDP to ${them}.`,
        },
      ]
    : [
        {
          id: "udp-blocked",
          level: "warning",
          title: "UDP is blocked",
          text: `Nothing came back over UDP, from ${them} or from LiveKit. Calls have to go by TCP or TLS, where one lost packet holds up all behind it: sound may break up on a poor line.`,
          mend: `Ask whoever runs the network to allow UDP to ${them}, or try without VPN or on another network.`,
        },
      ];
}

function tls(all: readonly Server[], { https }: Measured): Finding[] {
  const servers = tried(all.filter(({ url }) => !isStun(url) && transportOf(url) === "tls"));
  const open = servers.filter(passes);
  const shut = servers.filter((it) => !passes(it));
  const web = (at: string, answered: boolean) =>
    https.some((it) => originAuthority(it.origin) === at && it.answered === answered);
  const inspected = shut.filter(({ at }) => web(at, true));
  const others = shut.filter(({ at }) => !web(at, true));
  const broken = others.filter(({ state }) => state === "broken");
  const silent = others.filter(({ state }) => state !== "broken");
  // What another port does as well is no loss.
  const level = open.length > 0 ? "note" : "warning";
  const spare = open.length > 0 ? ` ${list(open)} does the same and works.` : "";
  return [
    ...some(open, (them) => ({
      id: "tls-open",
      level: "good",
      title: "TURN over TLS gets through",
      text: `${them} answered: calls go on where a network lets nothing but HTTPS out.`,
    })),
    ...some(inspected, (them) => ({
      id: "tls-intercepted",
      level: "warning",
      title: "TLS is intercepted",
      text: `Web pages come from ${them}, but TURN over TLS to the same port is broken off: most likely something on the way opens encrypted connections and passes only web traffic on. An inspecting proxy, a firewall or a virus scanner does that.`,
      mend: `Ask whoever runs the network to exempt ${them} from TLS inspection.`,
    })),
    ...some(broken, (them) => ({
      id: "tls-refused",
      level,
      title: "TURN over TLS is refused, or its certificate is not trusted",
      text: `The connection to ${them} was broken off at once: the port is closed to this network, or TLS is intercepted there, or the certificate shown is one that this browser does not trust; browsers do not tell which.${spare}`,
      mend: `Open https://${them.split(", ")[0]}/ in a new tab: a warning of its certificate means interception, or a development server whose CA is not installed here (docs/lan.md). Without one, ask whoever runs the network to allow TCP to ${them}.`,
    })),
    ...some(silent, (them) => ({
      id: "tls-blocked",
      level,
      title: "A port of TURN over TLS is blocked",
      text: `Nothing came back from ${them} over TCP.${spare}`,
      mend: `Ask whoever runs the network to allow TCP to ${them}.`,
    })),
  ];
}

const originAuthority = (origin: string) => {
  const { hostname, port } = new URL(origin);
  return `${hostname}:${port || 443}`;
};

/** Whether there is a relay at all. */
function reach(all: readonly Server[]): Finding[] {
  const relays = all.filter(({ url }) => !isStun(url));
  if (relays.length === 0)
    return [
      {
        id: "no-relay-offered",
        level: "warning",
        title: "The server offers no relay",
        text: "Calls that find no direct path fail. The network is not at fault.",
        mend: "Tell whoever runs the server that its ICE servers hold no turn: URL.",
      },
    ];
  if (relays.some(({ state }) => state === "works")) return [];
  return [
    {
      id: "no-relay",
      level: "bad",
      title: "No relay can be reached",
      text: `None of ${list(relays)} gave a relay address, so calls that find no direct path fail.`,
      mend: "See what else is said here; if nothing else helps, try another network, such as a phone's.",
    },
  ];
}

function proof(relay: Attempt<RelayProof>): Finding[] {
  if (relay.state === "skipped") return [];
  if (relay.state === "failed")
    return [
      {
        id: "relay-carries-nothing",
        level: "bad",
        title: "The relay carries nothing",
        text: `It gave addresses, but ${relay.stage} failed: ${relay.why}.`,
        mend: "Tell whoever runs the server: relays must reach each other (`npm run verify` shows it there).",
      },
    ];
  const { path, probes, transfer } = relay.result;
  const loss = lossPercent(probes);
  const rate = megabits(transfer);
  if (!transfer.intact)
    return [
      {
        id: "file-damaged",
        level: "bad",
        title: "What came over the relay is not what was sent",
        text: "Bytes of the file changed on the way, which encryption rules out: this is a fault.",
        mend: "Send the report below to whoever runs the server.",
      },
    ];
  return [
    {
      id: "relay-carries",
      level: "good",
      title: "The relay carries data",
      text: `${describeThroughput(transfer)}${path ? `, ${describePath(path)}` : ""}.`,
    },
    ...when(rate < LITTLE_MEGABITS, {
      id: "slow",
      level: "warning",
      title: "The line is slow",
      text: `The relay carried ${rate.toFixed(1)} Mbit/s both ways at once; a good picture takes ${LITTLE_MEGABITS}.`,
      mend: "Stop downloads and other calls, come closer to the Wi-Fi, or turn the camera off.",
    }),
    ...when(loss >= MUCH_LOSS_PERCENT, {
      id: "lossy",
      level: "warning",
      title: "Packets get lost",
      text: `${loss.toFixed(1)} of 100 small packets did not come back; sound and picture suffer.`,
      mend: "Use a cable, or come closer to the Wi-Fi.",
    }),
    ...when((probes.medianMs ?? 0) >= SLOW_ROUND_TRIP_MS, {
      id: "far",
      level: "warning",
      title: "Answers take long",
      text: `To the relay and back takes ${describeMs(probes.medianMs)}; people will talk into each other's words.`,
      mend: "Try without VPN; else a relay closer by would help.",
    }),
  ];
}

const when = (holds: boolean, finding: Finding): Finding[] => (holds ? [finding] : []);

function rooms({ rooms: { relay, any } }: Measured): Finding[] {
  const failed = [relay, any].find((it) => it.state === "failed");
  if (failed?.stage === "asking to be let in")
    return [
      {
        id: "room-refused",
        level: "bad",
        title: "LiveKit lets nobody in",
        text: `LiveKit answered and refused the token: ${failed.why}. The network is not at fault.`,
        mend: "Tell whoever runs the server: the clocks of API and LiveKit differ, or their keys do.",
      },
    ];
  if (failed?.stage === SIGNALLING)
    return [
      {
        id: "signalling-blocked",
        level: "bad",
        title: "Signalling is blocked",
        text: `The page was loaded, but the WebSocket to LiveKit failed: ${failed.why}. Proxies and virus scanners that know only plain web pages do that, and so does a LiveKit that is down.`,
        mend: "Ask whoever runs the server whether LiveKit is up; if it is, ask whoever runs the network to let WebSockets (wss) through to this server.",
      },
    ];
  return [...relayedRoom(relay), ...anyRoom(any)];
}

function relayedRoom(room: Attempt<RoomProof>): Finding[] {
  if (room.state === "skipped") return [];
  if (room.state === "failed")
    return [
      {
        id: "room-relay-failed",
        level: "bad",
        title: "A LiveKit room is not reached through the relay",
        text: `Signalling works, but ${room.stage} failed: ${room.why}.`,
        mend: "LiveKit names its own relay, on 443/udp and TLS on 443/tcp: what is said of these ports here applies.",
      },
    ];
  const over = room.result.path ? `, ${describePath(room.result.path)}` : "";
  return [
    {
      id: "room-relayed",
      level: "good",
      title: "A LiveKit room works through the relay",
      text: `It took ${describeMs(room.result.connectedMs)} to join and ${room.result.frames} pictures went out${over}.`,
    },
  ];
}

function anyRoom(room: Attempt<RoomProof>): Finding[] {
  if (room.state === "skipped") return [];
  if (room.state === "failed")
    return [
      {
        id: "room-failed",
        level: "bad",
        title: "A LiveKit room is not reached",
        text: `Signalling works, but ${room.stage} failed: ${room.why}.`,
        mend: "See what else is said here; try another network, such as a phone's.",
      },
    ];
  const over = directOver(room);
  return over === undefined
    ? [
        {
          id: "direct-blocked",
          level: "note",
          title: "Nothing but the relay gets through",
          text: "With every path allowed a LiveKit room was still reached over the relay. That is what the relay is for.",
        },
      ]
    : [
        {
          id: "direct-open",
          level: "good",
          title: "LiveKit is reached directly",
          text: `With every path allowed a room is reached over ${over}, without the relay.`,
        },
      ];
}

/** How a room is reached without the relay; undefined when it is not. */
function directOver(room: Attempt<RoomProof>): string | undefined {
  const path = room.state === "done" ? room.result.path : undefined;
  return path && path.local.kind !== "relay" ? path.local.protocol : undefined;
}
