/** The disk that holds the state runs full during an update; a small tmpfs stands for it. Needs root. */
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statfsSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { connectEngine } from "../../machine/dockerEngine.ts";
import { objectKinds, objectsByLabel } from "../../machine/engineObjects.ts";
import { look } from "../../machine/look.ts";
import { until } from "../support/until.ts";
import { makeCheckout, type Checkout } from "../support/checkout.ts";
import { hear, type Heard } from "../support/interruption.ts";

const STACK = "killfull";
const MINUTES = 60_000;
// Pulumi tries a failed write of the state again for half a minute.
jest.setTimeout(10 * MINUTES);

const stackFile = (apiPort: number) => `config:
  turnkey:target: docker
  turnkey:edge: false
  turnkey:livekit: { port: 21180, metricsPort: 21189 }
  turnkey:rtc: { tcpPort: 21181, mediaPorts: { from: 21200, to: 21240 } }
  turnkey:turn: { udpPort: 21543, tlsPort: 21549, relayPorts: { from: 21200, to: 21240 } }
  turnkey:api: { port: ${apiPort}, metricsPort: 21188 }
`;

const engine = connectEngine();
let checkout: Checkout;
let disk: string;

const up = () => hear(checkout.start(["up", "--stack", STACK, "--yes", "--no-verify"]));

async function succeeds(running: Heard): Promise<string> {
  const code = await running.ended;
  const said = running.said();
  expect({ code, said: code === 0 ? "" : said }).toEqual({ code: 0, said: "" });
  return said;
}

/** Fills the disk as soon as a container is being made, and gives what the update then said. */
async function failsOnFullDisk(running: Heard): Promise<string> {
  await until(
    () => /docker:index:Container \S+ (?:creating|replac)/.test(running.said()),
    3 * MINUTES,
  );
  leave(0);
  const code = await running.ended;
  rmSync(filler());
  expect(code).not.toBe(0);
  return running.said();
}

const settings = (apiPort: number) =>
  writeFileSync(join(checkout.folder, `Pulumi.${STACK}.yaml`), stackFile(apiPort));
const filler = () => join(disk, "filler");

/** Leaves at most so many bytes on the disk. */
function leave(bytes: number): void {
  const { bfree, bsize } = statfsSync(disk);
  try {
    writeFileSync(filler(), Buffer.alloc(bfree * bsize - bytes));
  } catch (error) {
    // The update has taken the last of it meanwhile.
    expect(error).toMatchObject({ code: "ENOSPC" });
  }
}

const stateFile = () =>
  join(checkout.data, "backend", ".pulumi", "stacks", "turnkey", `${STACK}.json`);
const state = () => look(JSON.parse(readFileSync(stateFile(), "utf8"))).at("checkpoint", "latest");

const label = `dev.turnkey.stack=${STACK}`;
const inEngine = async () =>
  (await Promise.all(objectKinds.map((kind) => objectsByLabel(engine, kind, label)))).flat();

/** Exactly what the state names is in the engine, and nothing is pending. */
async function expectWhole(): Promise<void> {
  const ids = (await inEngine()).map(({ id }) => id);
  const kinds = /^docker:index\/(?:container|network|volume):/;
  const resources = state().list("resources");
  const known = resources.filter((it) => kinds.test(it.text("type"))).map((it) => it.text("id"));
  expect(ids.length).toBeGreaterThan(0);
  expect(ids.toSorted()).toEqual(known.toSorted());
  expect(state().list("pending_operations")).toEqual([]);
}

/** Names of the generated keys: other ones would cut off whoever has credentials. */
const keyNames = () =>
  state()
    .list("resources")
    .filter((it) => it.text("type") === "random:index/randomString:RandomString")
    .map((it) => it.text("id"))
    .toSorted();

beforeAll(() => {
  checkout = makeCheckout();
  disk = dirname(checkout.data);
  mkdirSync(disk);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=24m,mode=0700", "tmpfs", disk]);
  settings(21_190);
});

afterAll(async () => {
  rmSync(filler(), { force: true });
  await checkout.run("down", "--stack", STACK, "--yes");
  execFileSync("umount", [disk]);
  checkout.remove();
}, 3 * MINUTES);

const full = () => `the disk that holds ${join(checkout.data, "backend")} is full`;

test("on a disk that is all but full nothing is begun", async () => {
  leave(4 * 2 ** 20);
  const running = up();
  const code = await running.ended;
  rmSync(filler());
  expect(code).toBe(1);
  expect(running.said()).toContain(`${full()}: `);
  expect(running.said()).toMatch(/: [0-4] MiB are free, and the state takes up to 16 MiB/);
  expect(running.said()).toContain("make room there");
  expect(await inEngine()).toEqual([]);
});

test("a first deployment during which the disk runs full says so, and the next up leaves nothing behind", async () => {
  const said = await failsOnFullDisk(up());
  expect(said).toContain(full());
  expect(said).toContain("make room there");
  await succeeds(up());
  await expectWhole();
});

test("an update during which the disk ran full says so, and the next up goes on with the keys there were", async () => {
  const keys = keyNames();
  settings(21_191);
  expect(await failsOnFullDisk(up())).toContain(full());
  // Which of its files Pulumi was writing when there was no room is chance: now it was both of these.
  truncateSync(stateFile(), 1_000);
  writeFileSync(`${stateFile()}.bak`, "");
  const said = await succeeds(up());
  expect(said).toMatch(
    /^the state of stack "killfull" was cut off: took \S+\/backups\/\S+ in its place$/m,
  );
  await expectWhole();
  expect(keys).not.toEqual([]);
  expect(keyNames()).toEqual(keys);
});
