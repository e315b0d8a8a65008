import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import {
  decodeChannelData,
  encodeChannelData,
  FIRST_CHANNEL,
  frameSplitter,
  isChannelData,
} from "../../verify/turnFrames.ts";
import { encodeRequest } from "../../verify/stun.ts";

const bytes = (max: number) => fc.uint8Array({ maxLength: max }).map((it) => Buffer.from(it));
const channelData = fc
  .tuple(fc.integer({ min: FIRST_CHANNEL, max: 0x4fff }), bytes(1200))
  .map(([channel, data]) => encodeChannelData(channel, data));
const stun = fc
  .record({ host: fc.ipV4(), port: fc.integer({ min: 1, max: 65_535 }) })
  .map((peer) => encodeRequest("CreatePermission", { peer }).bytes);

const cut = (stream: Buffer, sizes: number[]): Buffer[] => {
  const chunks: Buffer[] = [];
  for (let from = 0, index = 0; from < stream.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    chunks.push(stream.subarray(from, from + size));
    from += size;
  }
  return chunks;
};

describe("frameSplitter", () => {
  test("gives the same frames however the stream is cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(channelData, stun), { minLength: 1, maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1 }),
        (frames, sizes) => {
          const split = frameSplitter();
          const got = cut(Buffer.concat(frames), sizes).flatMap((chunk) => split(chunk));
          expect(got).toEqual(frames);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("gives a frame only when its last byte has come", () => {
    const frame = encodeChannelData(FIRST_CHANNEL, Buffer.from("twelve bytes"));
    const split = frameSplitter();
    expect(split(frame.subarray(0, -1))).toEqual([]);
    expect(split(frame.subarray(-1))).toEqual([frame]);
  });

  test("refuses a stream that is neither STUN nor ChannelData", () => {
    expect(() => frameSplitter()(Buffer.from([0x80, 0, 0, 0]))).toThrow(
      "the stream holds 0x80000000, neither STUN nor ChannelData",
    );
  });
});

describe("ChannelData", () => {
  test("comes back without its filling", () => {
    fc.assert(
      fc.property(bytes(50), (data) => {
        const frame = encodeChannelData(FIRST_CHANNEL, data);
        expect(frame.length % 4).toBe(0);
        expect(isChannelData(frame)).toBe(true);
        expect(decodeChannelData(frame)).toEqual({ channel: FIRST_CHANNEL, data });
      }),
    );
  });

  test.each([0, 3, 11])("that ends after %d bytes of more is none", (length) => {
    const frame = encodeChannelData(FIRST_CHANNEL, Buffer.from("twelve bytes"));
    expect(decodeChannelData(frame.subarray(0, length))).toBeUndefined();
  });

  test("is told from STUN by its first two bits", () => {
    expect(isChannelData(encodeRequest("Binding", {}).bytes)).toBe(false);
  });
});
