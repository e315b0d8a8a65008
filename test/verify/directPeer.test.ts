import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type PortRow, udp } from "../../turn/ports.ts";
import { bindDirectPeer, peerPorts } from "../../verify/directPeer.ts";

const table = (media: [number, number], relay: [number, number]): PortRow[] => [
  udp("media", { from: media[0], to: media[1] }, "media"),
  { ...udp("relay", { from: relay[0], to: relay[1] }, "relay addresses"), within: "media" },
];

describe("the direct peer's port", () => {
  test("lies inside the media range, whatever the ranges: LiveKit drops packets to the node elsewhere", () => {
    const ascending = fc
      .uniqueArray(fc.integer({ min: 1, max: 3_000 }), { minLength: 4, maxLength: 4 })
      .map((ports) => ports.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(ascending, ([from = 1, relayFrom = 1, relayTo = 1, to = 1]) => {
        const ports = peerPorts(table([from, to], [relayFrom, relayTo]));
        expect(ports.toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: to - from + 1 }, (_, index) => from + index),
        );
      }),
      { numRuns: 50 },
    );
  });

  test("is the highest media port that no relay can take, as in production", () => {
    const ports = peerPorts(table([50_000, 60_000], [50_000, 54_999]));
    expect(ports[0]).toBe(60_000);
    expect(ports[5_000]).toBe(55_000);
    expect(ports[5_001]).toBe(54_999);
  });

  test("is the highest of all when relays may take every media port, as on a laptop", () => {
    expect(peerPorts(table([50_100, 50_102], [50_100, 50_102]))).toEqual([50_102, 50_101, 50_100]);
  });
});

describe("bindDirectPeer", () => {
  const signal = new AbortController().signal;

  test("takes the next port when the first is in use", async () => {
    const [taken, free] = [createSocket("udp4"), createSocket("udp4")];
    const ports = await Promise.all(
      [taken, free].map(async (socket) => {
        await once(socket.bind(0, "127.0.0.1"), "listening");
        return socket.address().port;
      }),
    );
    free.close();
    await once(free, "close");
    const peer = await bindDirectPeer("127.0.0.1", ports, signal);
    expect(peer.address).toEqual({ host: "127.0.0.1", port: ports[1] });
    await peer.close();
    await expect(bindDirectPeer("127.0.0.1", ports.slice(0, 1), signal)).rejects.toMatchObject({
      finding: { kind: "no-peer-port", address: "127.0.0.1", code: "EADDRINUSE" },
    });
    taken.close();
  });

  test("says so when the address is not one of this machine", async () => {
    await expect(bindDirectPeer("192.0.2.77", [50_100], signal)).rejects.toMatchObject({
      finding: { kind: "no-peer-port", address: "192.0.2.77", code: "EADDRNOTAVAIL" },
    });
  });
});
