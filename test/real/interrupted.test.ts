/** `npm run up` interrupted in every way and at many points: the next command converges by itself. */
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectEngine } from "../../machine/dockerEngine.ts";
import { objectKinds, objectsByLabel } from "../../machine/engineObjects.ts";
import { look } from "../../machine/look.ts";
import { processesWith } from "../../machine/processes.ts";
import { readBackend } from "../../scripts/pulumi/backend.ts";
import { stackKey } from "../../scripts/pulumi/stackKey.ts";
import { STACK_MARK } from "../../scripts/pulumi/strays.ts";
import { makeCheckout, type Checkout } from "../support/checkout.ts";
import { hear, interruptions, linesIn, type Heard } from "../support/interruption.ts";

const STACK = "kill";
const MINUTES = 60_000;
jest.setTimeout(5 * MINUTES);

/** Two states of the stack, so that a deployed one can be updated: both services are made anew. */
const stackFile = (variant: number) => `config:
  turnkey:target: docker
  turnkey:edge: false
  turnkey:livekit: { port: 21080, metricsPort: ${21_084 + variant} }
  turnkey:rtc: { tcpPort: 21081, mediaPorts: { from: 21100, to: 21140 } }
  turnkey:turn: { udpPort: 21443, tlsPort: 21349, relayPorts: { from: 21100, to: 21140 } }
  turnkey:api: { port: ${21_090 + variant}, metricsPort: 21092 }
`;

type Beginning = "first" | "update";

const engine = connectEngine();
let checkout: Checkout;
let temporary: string;
let key: string;
let variant = 0;
/** What the stack is made of, and how many lines each kind of `up` says when nobody interrupts it. */
let whole: string[];
const lines: Record<Beginning, number> = { first: 0, update: 0 };
/** Everything that was said by the commands that followed an interruption. */
let mended = "";

const start = (command: "up" | "down"): Heard => {
  const more = command === "up" ? ["--no-verify"] : [];
  const options = [command, "--stack", STACK, "--yes", ...more];
  return hear(checkout.start(options, { TMPDIR: temporary }));
};

async function finish(running: Heard): Promise<string> {
  const code = await running.ended;
  const said = running.said();
  expect({ code, said: code === 0 ? "" : said }).toEqual({ code: 0, said: "" });
  return said;
}

/** `container turnkey-kill-api` and so on, each as often as it is there. */
async function inEngine(): Promise<string[]> {
  const label = `dev.turnkey.stack=${STACK}`;
  const found = await Promise.all(objectKinds.map((kind) => objectsByLabel(engine, kind, label)));
  return found
    .flat()
    .map(({ kind, name }) => `${kind} ${name}`)
    .toSorted();
}

/** Paths of what is below a folder of the backend, without the files' attributes. */
function inBackend(folder: string): string[] {
  const path = join(checkout.data, "backend", ".pulumi", folder);
  if (!existsSync(path)) return [];
  const all = readdirSync(path, { recursive: true, withFileTypes: true });
  return all.filter((it) => it.isFile() && !it.name.endsWith(".attrs")).map(({ name }) => name);
}

const pending = () => {
  const file = join(checkout.data, "backend", ".pulumi", "stacks", "turnkey", `${STACK}.json`);
  const state = look(JSON.parse(readFileSync(file, "utf8")));
  return state.list("checkpoint", "latest", "pending_operations").map(({ value }) => value);
};

async function expectConverged(command: "up" | "down"): Promise<void> {
  expect(await inEngine()).toEqual(command === "up" ? whole : []);
  expect(inBackend("locks")).toEqual([]);
  expect(processesWith(STACK_MARK, key)).toEqual([]);
  expect(readdirSync(temporary).filter((it) => it.startsWith("turnkey-stack-"))).toEqual([]);
  if (command === "up") expect(pending()).toEqual([]);
  else expect(readdirSync(checkout.data).toSorted()).toEqual(["local-ca.crt", "local-ca.pem"]);
}

const settings = () =>
  writeFileSync(join(checkout.folder, `Pulumi.${STACK}.yaml`), stackFile(variant));
const change = () => {
  variant = 1 - variant;
  settings();
};

beforeAll(async () => {
  checkout = makeCheckout();
  temporary = join(checkout.folder, "..", "tmp");
  mkdirSync(temporary);
  key = stackKey(readBackend(checkout.folder, { XDG_DATA_HOME: join(checkout.data, "..") }), STACK);
  settings();
  lines.first = linesIn(await finish(start("up")));
  whole = await inEngine();
  change();
  lines.update = linesIn(await finish(start("up")));
  await finish(start("down"));
});

afterAll(async () => {
  await start("down").ended;
  checkout.remove();
}, 3 * MINUTES);

/** After these four the stack is where it was before them. */
const sequence: readonly { readonly beginning: Beginning; readonly next: "up" | "down" }[] = [
  { beginning: "first", next: "up" },
  { beginning: "update", next: "up" },
  { beginning: "update", next: "down" },
  { beginning: "first", next: "down" },
];
const points = interruptions
  .flatMap((it) => sequence.map((step) => ({ ...it, ...step })))
  .map((it, index, { length }) => ({
    ...it,
    // Seven has no divisor in common with 20: every part of an update gets its turn.
    percent: ((index * 7) % length) * (100 / length) + 2,
    delayMs: (index % 3) * 150,
  }));

describe("an interrupted npm run up", () => {
  test.each(points)(
    "($beginning deployment) by $by at $percent % is taken up by $next, and nothing is left over",
    async ({ interrupt, beginning, next, percent, delayMs }) => {
      if (beginning === "update") change();
      const running = start("up");
      expect(await running.lines(Math.ceil((lines[beginning] * percent) / 100))).toBe(true);
      await sleep(delayMs);
      await interrupt(running.child);
      await running.ended;
      mended += await finish(start(next));
      await expectConverged(next);
    },
  );

  test("is told of by the next command, one line for each thing that it waits for or mends", () => {
    expect(mended).toMatch(
      /^stack "kill" is in use by npm run up \(pid \d+\), for \d+ s: waiting/m,
    );
    expect(mended).toMatch(
      /^stack "kill" is locked by pulumi \(pid \d+\) of \S+, for \d+ s: waiting/m,
    );
    expect(mended).toMatch(/^removed the lock of pulumi \(pid \d+\), which ended without giving/m);
    expect(mended).toMatch(/^took up what an interrupted update left unfinished: /m);
  });
});

test("of two npm run up at once the second waits, says for whom, and finds nothing to do", async () => {
  const both = [start("up"), start("up")];
  const said = await Promise.all(both.map(finish));
  const waited = said.filter((it) => it.includes(" is in use by npm run up (pid "));
  expect(waited).toHaveLength(1);
  expect(waited[0]).toMatch(/\d+ unchanged/);
  expect(waited[0]).not.toMatch(/\d+ (created|updated|replaced|deleted)/);
  await expectConverged("up");
});
