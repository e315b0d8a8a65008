import { describe, expect, test } from "@jest/globals";
import { exchange, type End } from "../../verify/exchange.ts";

type Carry = (packet: Buffer, number: number, deliver: (packet: Buffer) => void) => void;

const signal = new AbortController().signal;

/** Two ends whose packets travel as `carry` says. */
function path(carry: Carry): [End, End] {
  const listeners: ((data: Buffer) => void)[] = [];
  const end = (own: number, other: number): End => {
    let number = 0;
    return {
      signal,
      send: (packet) => carry(packet, number++, (it) => listeners[other]?.(it)),
      listen: (listener) => void (listeners[own] = listener),
    };
  };
  return [end(0, 1), end(1, 0)];
}

const over = (carry: Carry) =>
  exchange({ ends: path(carry), names: ["relay", "peer"], tag: "a tag", signal });

describe("exchange", () => {
  test("is content when everything arrives at once, and when it arrives late", async () => {
    await over((packet, _number, deliver) => deliver(packet));
    await over((packet, _number, deliver) => void setTimeout(deliver, 20, packet));
  });

  test("never has more under way than a server's socket buffer holds, even when the server stands still", async () => {
    const waiting: (() => void)[] = [];
    let most = 0;
    const server = setInterval(() => waiting.splice(0).forEach((pass) => pass()), 100);
    await over((packet, _number, deliver) => {
      waiting.push(() => deliver(packet));
      most = Math.max(most, waiting.length);
    });
    clearInterval(server);
    expect(most).toBeLessThanOrEqual(20);
  });

  test("counts what a path loses, however much it is, before the leg's time is up", async () => {
    await expect(
      over((packet, number, deliver) => (number % 2 === 0 ? deliver(packet) : undefined)),
    ).rejects.toMatchObject({
      finding: { kind: "packets", direction: "relay to peer", tally: { sent: 50, lost: 25 } },
    });
  });

  test("waits for a copy of the last packet that comes late", async () => {
    await expect(
      over((packet, number, deliver) => {
        deliver(packet);
        if (number === 49) setTimeout(deliver, 10, packet);
      }),
    ).rejects.toMatchObject({ finding: { tally: { lost: 0, duplicated: 1 } } });
  });

  test("stops with the reason why an end broke", async () => {
    const broken = new AbortController();
    const [left, right] = path((packet, number, deliver) => {
      if (number === 10) broken.abort(new Error("the connection is gone"));
      deliver(packet);
    });
    await expect(
      exchange({
        ends: [{ ...left, signal: broken.signal }, right],
        names: ["relay", "peer"],
        tag: "a tag",
        signal,
      }),
    ).rejects.toThrow("the connection is gone");
  });
});
