import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { EGRESS_RULES, ingressRules } from "../../plan/firewallRules.ts";
import { type PortSettings, portTable } from "../../plan/portTable.ts";
import { portLabel, portProblems, row } from "../../turn/ports.ts";
import { awsSettings } from "../support/plans.ts";

/** Settings whose ports are all different, so that their table has no clash. */
const validSettings: fc.Arbitrary<PortSettings> = fc
  .record({
    target: fc.constantFrom("docker" as const, "aws" as const),
    ports: fc.uniqueArray(fc.integer({ min: 81, max: 39_999 }), { minLength: 11, maxLength: 11 }),
    media: fc.uniqueArray(fc.integer({ min: 40_000, max: 65_535 }), { minLength: 4, maxLength: 4 }),
    hasEdge: fc.boolean(),
    acme: fc.boolean(),
  })
  .map(({ target, ports, media, hasEdge, acme }) => {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0, j = 0, k = 0] = ports;
    const [m0 = 0, m1 = 0, m2 = 0, m3 = 0] = media.toSorted((one, other) => one - other);
    return {
      target,
      livekit: { port: a, metricsPort: b },
      rtc: { tcpPort: c, mediaPorts: { from: m0, to: m3 } },
      turn: { udpPort: d, tlsPort: e, relayPorts: { from: m1, to: m2 } },
      edge: hasEdge && {
        httpsPort: f,
        turnPort: g,
        metricsPort: h,
        ...(acme && { acmePort: k }),
      },
      api: { port: i, metricsPort: j },
    };
  });

/** Every port that some of these open, as `443/tcp`. */
const opened = (rules: readonly Parameters<typeof portLabel>[0][]) =>
  new Set(
    rules.flatMap(({ protocol, from, to }) =>
      Array.from({ length: to - from + 1 }, (_, index) =>
        portLabel({ protocol, from: from + index, to: from + index }),
      ),
    ),
  );

describe("what comes in", () => {
  test("is one rule for each public row that lies in no other, whatever the settings", () => {
    fc.assert(
      fc.property(validSettings, (settings) => {
        const rows = portTable(settings, "host");
        expect(portProblems(rows)).toEqual([]);
        const publicRows = rows.filter((it) => it.exposure === "public" && it.name !== "relay");
        expect(ingressRules(rows).map((it) => `${it.name} ${portLabel(it)}`)).toEqual(
          publicRows.map((it) => `${it.name} ${portLabel(it)}`),
        );
      }),
    );
  });

  test("never reaches a port that is for the node alone, and always the relays", () => {
    fc.assert(
      fc.property(validSettings, (settings) => {
        const rows = portTable(settings, "host");
        const open = opened(ingressRules(rows));
        const closed = opened(rows.filter((it) => it.exposure === "node"));
        expect(closed.size).toBeGreaterThan(0);
        expect([...closed].filter((it) => open.has(it))).toEqual([]);
        expect([...opened([row(rows, "relay")])].filter((it) => !open.has(it))).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  test("is these ports where the settings change none", () => {
    const rules = ingressRules(portTable(awsSettings(), "host"));
    expect(rules.map((it) => `${it.name} ${portLabel(it)}`)).toEqual([
      "http 80/tcp",
      "https 443/tcp",
      "ice-tcp 7881/tcp",
      "media 50000-60000/udp",
      "turn-udp 443/udp",
      "turn-tls 5349/tcp",
    ]);
  });
});

test("what goes out is all UDP, and TCP for the web and for DNS", () => {
  expect(EGRESS_RULES.map((it) => `${it.name} ${portLabel(it)}`)).toEqual([
    "udp 0-65535/udp",
    "https 443/tcp",
    "http 80/tcp",
    "dns 53/tcp",
  ]);
});

test("every rule says what it is for, in characters that EC2 takes", () => {
  fc.assert(
    fc.property(validSettings, (settings) => {
      for (const { description } of [...ingressRules(portTable(settings, "host")), ...EGRESS_RULES])
        // EC2 API reference, IpRange: the characters of a description.
        expect(description).toMatch(/^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/);
    }),
    { numRuns: 20 },
  );
});
