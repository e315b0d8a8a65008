import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addressOf, oneAtATime } from "../../../scripts/pulumi/oneAtATime.ts";
import { patient, type Patience } from "../../../scripts/pulumi/patience.ts";

let folder: string;
let told: string[];
let patience: Patience;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "turnkey-turn-"));
  told = [];
  patience = { ...patient, tell: (line) => told.push(line) };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const address = { here: () => addressOf(`test-${folder}`), file: () => join(folder, "it.sock") };
type Place = keyof typeof address;
const turn = (place: Place, command = "up") => ({
  address: address[place](),
  what: 'stack "dev"',
  command,
});

/** A process that works under the address until it is killed. */
async function someWorker(place: Place) {
  const module = JSON.stringify(join(import.meta.dirname, "../../../scripts/pulumi/oneAtATime.ts"));
  const program = `const { oneAtATime } = await import(${module});
    const patience = { now: Date.now, sleep: undefined, limitMs: 1000, tell: console.log };
    const work = () => new Promise(() => { console.log("at work"); setInterval(() => {}, 1000); });
    await oneAtATime(${JSON.stringify(turn(place))}, work, patience);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

describe.each<Place>(["here", "file"])("at an address of the kind %j", (place) => {
  test("work is done one after the other, and whoever waits says for whom", async () => {
    const order: string[] = [];
    const finish = Promise.withResolvers<undefined>();
    const work = async () => {
      order.push("first begins");
      await finish.promise;
      order.push("first ends");
    };
    const first = oneAtATime(turn(place), work, patience);
    const second = oneAtATime(turn(place, "down"), async () => order.push("second"), patience);
    while (told.length === 0) await patience.sleep(5);
    expect(order).toEqual(["first begins"]);
    finish.resolve(undefined);
    await Promise.all([first, second]);
    expect(order).toEqual(["first begins", "first ends", "second"]);
    expect(told).toEqual([
      expect.stringMatching(
        `^stack "dev" is in use by npm run up \\(pid ${process.pid}\\), for \\d+ s: waiting for it to end$`,
      ),
    ]);
  });

  test("what fails gives the turn back, too", async () => {
    const broken = oneAtATime(turn(place), () => Promise.reject(new Error("broken")), patience);
    await expect(broken).rejects.toThrow("broken");
    expect(await oneAtATime(turn(place), async () => "done", patience)).toBe("done");
    expect(told).toEqual([]);
  });

  test("a process that is killed keeps nobody waiting", async () => {
    const worker = await someWorker(place);
    const work = oneAtATime(turn(place), async () => "done", patience);
    while (told.length === 0) await patience.sleep(5);
    expect(told[0]).toContain(`(pid ${worker.pid})`);
    const ended = once(worker, "close");
    worker.kill("SIGKILL");
    expect(await work).toBe("done");
    await ended;
    // And once more, where nobody was waiting when it was killed.
    const another = await someWorker(place);
    const gone = once(another, "close");
    another.kill("SIGKILL");
    await gone;
    expect(await oneAtATime(turn(place), async () => "done", patience)).toBe("done");
  });
});

test("patience has an end, and then the error names the process and the mend", async () => {
  const never = { ...patience, limitMs: 300 };
  await oneAtATime(
    turn("here"),
    async () => {
      await expect(oneAtATime(turn("here"), async () => {}, never)).rejects.toMatchObject({
        message: expect.stringMatching(
          `^stack "dev" is still in use by npm run up \\(pid ${process.pid}\\), for \\d+ s, after 0 s of waiting$`,
        ),
        mend: [expect.any(String), `or end it, then run this again: kill -INT ${process.pid}`],
      });
    },
    patience,
  );
});

test("whoever holds the address and says something else is waited for, and not quoted", async () => {
  const stranger = createServer((socket) => socket.end("\u001b[31mrm -rf\n"));
  stranger.listen(turn("here").address);
  await once(stranger, "listening");
  const work = oneAtATime(turn("here"), async () => "done", patience);
  while (told.length === 0) await patience.sleep(5);
  stranger.close();
  expect(await work).toBe("done");
  expect(new Set(told)).toEqual(
    new Set(['stack "dev" is in use by another command: waiting for it to end']),
  );
});

test("an address is one user's and one stack's", () => {
  expect(addressOf("abc", "linux")).toMatch(/^\0turnkey-\d+-abc$/);
  expect(addressOf("abc", "win32")).toMatch(/^\\\\\.\\pipe\\turnkey-\d+-abc$/);
  expect(addressOf("abc", "darwin")).toBe(join(tmpdir(), `turnkey-${process.getuid?.()}-abc.sock`));
});
