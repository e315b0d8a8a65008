import { describe, expect, test } from "@jest/globals";
import { Readable, Writable } from "node:stream";
import { chooseContainers } from "../../../scripts/commands/logs.ts";
import { frames, printLog } from "../../../scripts/commands/printLog.ts";

const containers = { livekit: "turnkey-dev-livekit", api: "turnkey-dev-api" };

describe("the containers of npm run logs", () => {
  test("are all of the stack when none is named, and one when it is", () => {
    expect(chooseContainers(containers)).toHaveLength(2);
    expect(chooseContainers(containers, "api")).toEqual([["api", "turnkey-dev-api"]]);
  });

  test("are told when the named one is not among them", () => {
    expect(() => chooseContainers(containers, "apo")).toThrow('there is no service "apo"');
  });
});

/** A piece as the engine sends it: 1 is stdout, 2 stderr. */
function piece(stream: number, content: Buffer): Buffer {
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(content.length, 4);
  return Buffer.concat([header, content]);
}
const frame = (stream: number, text: string) => piece(stream, Buffer.from(text));

const log = Buffer.concat([frame(1, "one\n"), frame(2, "two\n"), frame(1, "thrée\n")]);

test.each([1, 3, 7, 8, 9, 100])("frames are put together from chunks of %i bytes", async (size) => {
  const chunks = Array.from({ length: Math.ceil(log.length / size) }, (_, index) =>
    log.subarray(index * size, (index + 1) * size),
  );
  const texts: string[] = [];
  for await (const it of frames(Readable.from(chunks)))
    texts.push(`${it.stderr ? "err" : "out"} ${it.text.toString()}`);
  expect(texts).toEqual(["out one\n", "err two\n", "out thrée\n"]);
});

/** What is printed of a log, behind the prefix `api | `. */
async function printed(whole: Buffer) {
  const texts = { stdout: "", stderr: "" };
  const collect = (name: keyof typeof texts) =>
    new Writable({
      write(chunk, _encoding, done) {
        texts[name] += String(chunk);
        done();
      },
    });
  const outputs = { stdout: collect("stdout"), stderr: collect("stderr") };
  await printLog(Readable.from([whole]), "api | ", outputs);
  return texts;
}

test("each line goes behind its prefix to the stream it was printed on", async () => {
  expect(await printed(log)).toEqual({ stdout: "api | one\napi | thrée\n", stderr: "api | two\n" });
});

test("a line that comes in pieces, even within a character, is printed whole and once prefixed", async () => {
  const [first, second] = [
    Buffer.from("thr\u00e9e").subarray(0, 4),
    Buffer.from("\u00e9e").subarray(1),
  ];
  const pieces = [piece(1, first), piece(2, Buffer.from("two\n")), piece(1, second)];
  expect(await printed(Buffer.concat(pieces))).toEqual({
    stdout: "api | thrée\n",
    stderr: "api | two\n",
  });
});
