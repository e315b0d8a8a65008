import { describe, expect, test } from "@jest/globals";
import { findings, headlines, verdictOf } from "../../../client/diagnostics/findings.ts";
import type { Measured } from "../../../client/diagnostics/measured.ts";
import {
  broken,
  directOver,
  done,
  error,
  failed,
  mute,
  relayedBy,
  relayProof,
  room,
  silent,
  skipped,
  STUN,
  TLS,
  TLS_5349,
  UDP,
  well,
  works,
} from "./samples.ts";

const ids = (measured: Measured) => findings(measured).map(({ id }) => id);
const verdict = (measured: Measured) => verdictOf(findings(measured));
const unfound = (id: string): never => {
  throw new Error(`${id} was not found`);
};
const finding = (measured: Measured, id: string) =>
  findings(measured).find((it) => it.id === id) ?? unfound(id);

const noUdp = [silent(STUN), silent(UDP), works(TLS), works(TLS_5349)];
const overTls = { relay: done(room(relayedBy("tls"))), any: done(room(relayedBy("tls"))) };
const noRelay = { relay: skipped, rooms: { ...well.rooms, relay: failed("connecting") } };
const unsignalled = { relay: failed("signalling", "it was closed"), any: failed("signalling") };
/** HAProxy takes TCP and answers web pages; LiveKit behind it is gone, and nothing listens on UDP. */
const livekitGone = {
  relay: skipped,
  rooms: unsignalled,
  urls: [silent(STUN), silent(UDP), broken(TLS), broken(TLS_5349)],
};
const web = (answered: boolean) => [{ origin: "https://192.168.1.5", answered }];

test("where nothing is in the way all is well", () => {
  expect(ids(well)).toEqual([
    "udp-open",
    "tls-open",
    "relay-carries",
    "room-relayed",
    "direct-open",
  ]);
  expect(verdict(well)).toBe("well");
  expect(headlines.well).toContain("All is well");
  expect(finding(well, "relay-carries").text).toBe(
    "5.0 MB came across whole in 1.0 s: 40.0 Mbit/s, relay over udp, to the other side's relay.",
  );
});

const cases: readonly {
  what: string;
  changed: Partial<Measured>;
  finds: string;
  lacks?: string[];
  verdict: ReturnType<typeof verdictOf>;
}[] = [
  { what: "no WebRTC", changed: { webrtc: false }, finds: "no-webrtc", verdict: "failing" },
  {
    what: "no UDP at all",
    changed: { urls: noUdp, rooms: overTls },
    finds: "udp-blocked",
    lacks: ["udp-open", "no-relay"],
    verdict: "limited",
  },
  {
    what: "UDP to 443 alone blocked",
    changed: { urls: noUdp },
    finds: "udp-port-blocked",
    lacks: ["udp-blocked"],
    verdict: "limited",
  },
  {
    what: "UDP to one of two servers blocked",
    changed: { urls: [works(STUN), silent("turn:far.example:3478"), works(TLS)] },
    finds: "udp-partly-blocked",
    lacks: ["udp-open", "udp-blocked"],
    verdict: "limited",
  },
  {
    what: "HTTPS passes where TURN over TLS is broken off",
    changed: { urls: [works(STUN), works(UDP), broken(TLS), works(TLS_5349)] },
    finds: "tls-intercepted",
    verdict: "limited",
  },
  {
    what: "HTTPS passes where TURN over TLS gets no answer",
    changed: { urls: [works(STUN), works(UDP), silent(TLS)] },
    finds: "tls-intercepted",
    lacks: ["tls-blocked", "tls-open"],
    verdict: "limited",
  },
  {
    what: "TLS broken off, and HTTPS there as well",
    changed: { urls: [works(UDP), broken(TLS), broken(TLS_5349)], https: web(false) },
    finds: "tls-refused",
    lacks: ["tls-intercepted", "tls-open"],
    verdict: "limited",
  },
  {
    what: "TLS broken off on a spare port",
    changed: { urls: [works(UDP), works(TLS), broken(TLS_5349)] },
    finds: "tls-refused",
    verdict: "well",
  },
  {
    what: "a spare port that does not answer",
    changed: { urls: [works(UDP), works(TLS), silent(TLS_5349)] },
    finds: "tls-blocked",
    verdict: "well",
  },
  {
    what: "no port of TURN over TLS that answers",
    changed: { urls: [works(UDP), silent(TLS), silent(TLS_5349)], https: web(false) },
    finds: "tls-blocked",
    verdict: "limited",
  },
  {
    what: "UDP blocked and TLS intercepted",
    changed: { ...noRelay, urls: [silent(STUN), silent(UDP), broken(TLS), broken(TLS_5349)] },
    finds: "no-relay",
    verdict: "failing",
  },
  {
    what: "a credential that the relay refuses",
    changed: { ...noRelay, urls: [works(STUN), error(UDP, 401), error(TLS, 401)] },
    finds: "credential-refused",
    lacks: ["udp-blocked", "tls-refused"],
    verdict: "failing",
  },
  {
    what: "a relay that is full",
    changed: { ...noRelay, urls: [works(STUN), error(UDP, 486)] },
    finds: "relay-full",
    lacks: ["credential-refused"],
    verdict: "failing",
  },
  {
    what: "a name that is not found",
    changed: {
      ...noRelay,
      urls: [error("turn:no.example:443", 701, "TURN host lookup received error.")],
    },
    finds: "name-unknown",
    lacks: ["udp-blocked", "udp-open"],
    verdict: "failing",
  },
  {
    what: "no relay on offer",
    changed: { urls: [works(STUN)], relay: skipped },
    finds: "no-relay-offered",
    lacks: ["no-relay"],
    verdict: "limited",
  },
  {
    what: "relays that do not reach each other",
    changed: { relay: failed("meeting over the relay", "no packet came from relay to relay") },
    finds: "relay-carries-nothing",
    lacks: ["relay-carries"],
    verdict: "failing",
  },
  {
    what: "a file that comes damaged",
    changed: {
      relay: done({ ...relayProof, transfer: { ...relayProof.transfer, intact: false } }),
    },
    finds: "file-damaged",
    lacks: ["relay-carries"],
    verdict: "failing",
  },
  {
    what: "1.4 Mbit/s",
    changed: {
      relay: done({ ...relayProof, transfer: { ...relayProof.transfer, tookMs: 28_571 } }),
    },
    finds: "slow",
    verdict: "limited",
  },
  {
    what: "3 of 100 packets lost",
    changed: { relay: done({ ...relayProof, probes: { ...relayProof.probes, received: 97 } }) },
    finds: "lossy",
    verdict: "limited",
  },
  {
    what: "300 ms to the relay and back",
    changed: { relay: done({ ...relayProof, probes: { ...relayProof.probes, medianMs: 300 } }) },
    finds: "far",
    verdict: "limited",
  },
  {
    what: "a WebSocket that fails",
    changed: { rooms: unsignalled },
    finds: "signalling-blocked",
    lacks: ["room-relay-failed", "room-failed", "server-down"],
    verdict: "failing",
  },
  {
    what: "LiveKit that is down behind an edge that answers",
    changed: livekitGone,
    finds: "server-down",
    lacks: ["tls-intercepted", "tls-refused", "udp-blocked", "no-relay", "signalling-blocked"],
    verdict: "failing",
  },
  {
    what: "neither web pages nor calls that get through",
    changed: { ...livekitGone, https: web(false) },
    finds: "signalling-blocked",
    lacks: ["server-down"],
    verdict: "failing",
  },
  {
    what: "signalling that passes where no URL does",
    changed: { ...livekitGone, rooms: { relay: failed("connecting"), any: failed("connecting") } },
    finds: "tls-intercepted",
    lacks: ["server-down"],
    verdict: "failing",
  },
  {
    what: "a token that LiveKit refuses",
    changed: {
      rooms: { relay: failed("asking to be let in", "invalid token"), any: failed("signalling") },
    },
    finds: "room-refused",
    lacks: ["signalling-blocked", "room-relay-failed", "room-failed"],
    verdict: "failing",
  },
  {
    what: "a relay without an address where STUN answers on the same port",
    changed: { ...noRelay, urls: [works(STUN), mute(UDP), mute(TLS), mute(TLS_5349)] },
    finds: "relay-mute",
    lacks: ["udp-partly-blocked", "udp-blocked", "tls-intercepted", "tls-refused"],
    verdict: "failing",
  },
  {
    what: "a relay that is silent over UDP where STUN answers on the same port",
    changed: { urls: [works(STUN), silent(UDP), works(TLS)] },
    finds: "relay-mute",
    lacks: ["udp-partly-blocked", "tls-intercepted"],
    verdict: "limited",
  },
  {
    what: "TLS broken off with a reason beside a relay without an address",
    changed: { ...noRelay, urls: [works(STUN), mute(UDP), broken(TLS)] },
    finds: "tls-intercepted",
    verdict: "failing",
  },
  {
    what: "TLS that is silent beside a relay without an address",
    changed: { ...noRelay, urls: [works(STUN), mute(UDP), silent(TLS)], https: web(false) },
    finds: "tls-blocked",
    verdict: "failing",
  },
  {
    what: "a relay without an address where nothing over UDP answers",
    changed: { urls: [silent(STUN), mute(UDP), works(TLS)], rooms: overTls },
    finds: "udp-blocked",
    lacks: ["relay-mute"],
    verdict: "limited",
  },
  {
    what: "a room that the relay does not reach",
    changed: { rooms: { ...well.rooms, relay: failed("connecting") } },
    finds: "room-relay-failed",
    lacks: ["room-relayed", "signalling-blocked"],
    verdict: "failing",
  },
  {
    what: "a room that no path reaches",
    changed: { rooms: { ...well.rooms, any: failed("connecting") } },
    finds: "room-failed",
    lacks: ["direct-open"],
    verdict: "failing",
  },
  {
    what: "nothing but the relay",
    changed: { rooms: { ...well.rooms, any: done(room(relayedBy("udp"))) } },
    finds: "direct-blocked",
    lacks: ["direct-open"],
    verdict: "well",
  },
];

describe("in plain words", () => {
  test.each(cases)("$what: $finds", ({ changed, finds, lacks = [], verdict: wanted }) => {
    const measured = { ...well, ...changed };
    expect(ids(measured)).toContain(finds);
    for (const it of lacks) expect(ids(measured)).not.toContain(it);
    expect(verdict(measured)).toBe(wanted);
  });

  test.each([
    { what: "1.6 Mbit/s", proof: { transfer: { ...relayProof.transfer, tookMs: 25_000 } } },
    { what: "2 of 100 packets lost", proof: { probes: { ...relayProof.probes, received: 98 } } },
    { what: "299 ms", proof: { probes: { ...relayProof.probes, medianMs: 299 } } },
  ])("$what is good enough", ({ proof }) => {
    expect(verdict({ ...well, relay: done({ ...relayProof, ...proof }) })).toBe("well");
  });

  test("what is in the way always comes with what to do, and the worst comes first", () => {
    for (const { changed } of cases) {
      const found = findings({ ...well, ...changed });
      for (const { level, title, mend } of found)
        if (level === "bad" || level === "warning")
          expect({ title, mend }).not.toHaveProperty("mend", undefined);
      const order = found.map(({ level }) => ["bad", "warning", "note", "good"].indexOf(level));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }
  });

  test("every finding has an id of its own in a run", () => {
    for (const { changed } of cases) {
      const all = ids({ ...well, ...changed });
      expect(new Set(all).size).toBe(all.length);
    }
  });

  test("a spare port is told by its name, and so is the one that works", () => {
    const { text } = finding(
      { ...well, urls: [works(UDP), works(TLS), broken(TLS_5349)] },
      "tls-refused",
    );
    expect(text).toContain("The connection to 192.168.1.5:5349 was broken off");
    expect(text).toContain("192.168.1.5:443 does the same and works");
  });

  test("a server that is down is told once, and what is not its own on its own", () => {
    expect(ids({ ...well, ...livekitGone })).toEqual(["server-down"]);
    const { text } = finding({ ...well, ...livekitGone }, "server-down");
    expect(text).toContain("neither 192.168.1.5:443, 192.168.1.5:5349 nor the signalling");
    const urls = [...livekitGone.urls, works("stun:far.example:3478")];
    expect(ids({ ...well, ...livekitGone, urls })).toEqual(["server-down", "udp-open"]);
  });

  test("the relay without an address is named, not the network", () => {
    const urls = [works(STUN), mute(UDP), works(TLS)];
    expect(finding({ ...well, urls }, "relay-mute").text).toContain(
      "the relay at 192.168.1.5:443 did not answer with an address",
    );
    expect(finding({ ...well, urls }, "udp-open").text).toContain("192.168.1.5:443 answered");
  });

  test("the blocked port is named with its protocol", () => {
    expect(finding({ ...well, urls: noUdp }, "udp-port-blocked").title).toBe(
      "443/udp is blocked, other UDP is not",
    );
  });

  test("a room that is reached directly over TCP is no sign of UDP", () => {
    const rooms = { ...well.rooms, any: done(room(directOver("tcp"))) };
    expect(ids({ ...well, urls: noUdp, rooms })).toContain("udp-blocked");
  });
});
