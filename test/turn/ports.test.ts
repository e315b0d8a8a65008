import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { portTable } from "../../plan/portTable.ts";
import { listenAddress, portLabel, portProblems, row, rowNames } from "../../turn/ports.ts";
import { awsSettings, dockerSettings } from "../support/plans.ts";

const port = fc.integer({ min: 1, max: 65_535 });
const range = fc.tuple(port, port).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));

/** Tables of arbitrary ports, most of them with clashes. */
const tables = fc.record({
  livekit: fc.record({ port, metricsPort: port }),
  rtc: fc.record({ tcpPort: port, mediaPorts: range }),
  turn: fc.record({ udpPort: port, tlsPort: port, relayPorts: range }),
  edge: fc.oneof(
    fc.constant(false as const),
    fc.record({ httpsPort: port, turnPort: port, metricsPort: port }),
  ),
  api: fc.record({ port, metricsPort: port }),
});

test("the default table has every row and no clash", () => {
  const rows = portTable(dockerSettings(), "host");
  const ofCloud: readonly string[] = ["http", "acme"];
  expect(rows.map((it) => it.name)).toEqual(rowNames.filter((it) => !ofCloud.includes(it)));
  expect(portProblems(rows)).toEqual([]);
});

test("the default table on AWS has every row and no clash", () => {
  const rows = portTable(awsSettings(), "host");
  expect(rows.map((it) => it.name)).toEqual([...rowNames]);
  expect(portProblems(rows)).toEqual([]);
});

test("a table without problems never opens a port twice, unless one row lies inside the other", () => {
  fc.assert(
    fc.property(tables, (settings) => {
      const rows = portTable({ target: "docker", ...settings }, "host");
      const opened = new Set<string>();
      let clash = false;
      for (const it of rows.filter((each) => each.within === undefined))
        for (let number = it.from; number <= it.to; number++) {
          const key = `${number}/${it.protocol}`;
          clash ||= opened.has(key);
          opened.add(key);
        }
      const relay = row(rows, "relay");
      const media = row(rows, "media");
      const outside = relay.from < media.from || relay.to > media.to;
      expect(portProblems(rows).length > 0).toBe(clash || outside);
    }),
    { numRuns: 60 },
  );
});

test("a row that ends before it begins is a problem", () => {
  const rows = portTable(dockerSettings(), "host").map((it) =>
    it.name === "media" ? { ...it, from: 9, to: 8 } : it,
  );
  expect(portProblems(rows)).toContainEqual({
    row: "media",
    given: "9-8/udp",
    wanted: "from at most to",
  });
});

const exposed = (values: Readonly<Record<string, unknown>>) =>
  portTable(dockerSettings(values), "host")
    .filter((it) => it.exposure === "public")
    .map((it) => it.name);

test("behind the edge only what must be is public; without one there is no row of the edge", () => {
  expect(exposed({})).toEqual(["https", "ice-tcp", "media", "relay", "turn-udp", "turn-tls"]);
  const without = ["signalling", "ice-tcp", "media", "relay", "turn-udp", "turn-tls", "api"];
  expect(exposed({ edge: "false" })).toEqual(without);
});

test("public rows listen on the node address, the others on loopback, and TURN behind the edge where TURN listens", () => {
  const listening = portTable(dockerSettings(), "host").map((it) => [
    it.name,
    listenAddress(it, "192.168.1.5"),
  ]);
  expect(Object.fromEntries(listening)).toMatchObject({
    https: "192.168.1.5",
    "turn-tcp": "192.168.1.5",
    signalling: "127.0.0.1",
    api: "127.0.0.1",
    metrics: "127.0.0.1",
  });
});

test.each([
  [{}, { from: 50_100, to: 50_119 }],
  [{ turn: { relayPorts: { from: 50_150, to: 50_155 } } }, { from: 50_150, to: 50_155 }],
  [{ rtc: { mediaPorts: { from: 50_000, to: 50_300 } } }, { from: 50_000, to: 50_300 }],
])("on a bridge the media ports of %j are few, unless the settings name them", (values, ports) => {
  const rows = portTable(dockerSettings(values), "bridge");
  expect(row(rows, "media")).toMatchObject(ports);
  expect(portProblems(rows)).toEqual([]);
});

test("a missing row is a bug that is named", () => {
  expect(() => row([], "api")).toThrow('the port table has no row "api"');
});

test("ports are written as people write them", () => {
  expect(portLabel({ protocol: "udp", from: 443, to: 443 })).toBe("443/udp");
  expect(portLabel({ protocol: "udp", from: 50_100, to: 50_200 })).toBe("50100-50200/udp");
});
