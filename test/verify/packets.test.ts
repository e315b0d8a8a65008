import { describe, expect, test } from "@jest/globals";
import { isComplete, makePackets, PACKETS, tally, type Tally } from "../../verify/packets.ts";

const sent = makePackets("a tag");
const texts = (packets: Buffer[]) => packets.map((it) => it.toString("latin1"));
const whole: Tally = { sent: PACKETS, lost: 0, duplicated: 0, foreign: 0, disordered: 0 };
const [first, second] = sent;
if (!first || !second) throw new Error("too few packets");
const changed = Buffer.from(first);
changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1);

describe("makePackets", () => {
  test("makes 50 packets in sizes of every remainder of four, all below a usual MTU", () => {
    expect(sent).toHaveLength(50);
    expect(new Set(sent.map(({ length }) => length % 4)).size).toBe(4);
    expect(Math.max(...sent.map(({ length }) => length))).toBeLessThan(1_200);
  });

  test("makes the same packets for the same tag, and others for another", () => {
    expect(makePackets("a tag")).toEqual(sent);
    const all = [...texts(sent), ...texts(makePackets("another"))];
    expect(new Set(all).size).toBe(2 * PACKETS);
  });
});

describe("tally", () => {
  const cases: { what: string; received: Buffer[]; found: Partial<Tally> }[] = [
    { what: "nothing", received: [], found: { lost: PACKETS } },
    { what: "all but one", received: sent.slice(1), found: { lost: 1 } },
    { what: "one twice", received: [first, ...sent], found: { duplicated: 1 } },
    {
      what: "one changed in its last bit",
      received: [changed, ...sent.slice(1)],
      found: { lost: 1, foreign: 1 },
    },
    {
      what: "one cut short",
      received: [first.subarray(0, -1), ...sent.slice(1)],
      found: { lost: 1, foreign: 1 },
    },
    {
      what: "two in each other's place",
      received: [second, first, ...sent.slice(2)],
      found: { disordered: 1 },
    },
    {
      what: "another stream's packets",
      received: [...sent, ...makePackets("another")],
      found: { foreign: PACKETS },
    },
  ];

  test.each(cases)("notices $what", ({ received, found }) => {
    const result = tally(sent, received);
    expect(result).toEqual({ ...whole, ...found });
    expect(isComplete(result)).toBe(false);
  });

  test("finds nothing wrong with every packet once, whole and in order", () => {
    expect(tally(sent, sent)).toEqual(whole);
    expect(isComplete(whole)).toBe(true);
  });
});
