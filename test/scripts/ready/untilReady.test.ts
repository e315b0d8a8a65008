import { expect, test } from "@jest/globals";
import type { Seen, WrongName } from "../../../scripts/ready/readyAnswer.ts";
import { NotReady, untilReady, type Waiting } from "../../../scripts/ready/untilReady.ts";

/** Waits on a clock that only sleeping moves, and looks at one sight after the other, the last for ever. */
function waiting(sights: readonly Seen[], limitMs = 60_000) {
  const reported: string[] = [];
  const wrong: (readonly WrongName[])[] = [];
  let time = 0;
  let looks = 0;
  const options: Waiting = {
    look: async () => {
      const seen = sights[Math.min(looks, sights.length - 1)];
      looks += 1;
      if (!seen) throw new Error("nothing to see");
      return seen;
    },
    report: (line) => void reported.push(line),
    onWrongNames: (it) => void wrong.push(it),
    limitMs,
    signal: new AbortController().signal,
    now: () => time,
    sleep: async (ms) => {
      time += ms;
    },
  };
  return { options, reported, wrong, looks: () => looks };
}

const refused: Seen = { kind: "connection", code: "ECONNREFUSED" };
const noName = (found: readonly string[]): Seen => ({
  kind: "names",
  wrong: [{ name: "a.example", found }],
});

test("it goes on until the deployment is ready, and tells what is waited for", async () => {
  const it = waiting([
    noName([]),
    refused,
    { kind: "checks", waiting: ["certificate"] },
    { kind: "ready" },
  ]);
  await untilReady(it.options);
  expect(it.looks()).toBe(4);
  expect(it.reported).toHaveLength(3);
  expect(it.reported[2]).toBe("not ready: certificate");
});

test("wrong names are told once, and again when they lead elsewhere", async () => {
  const it = waiting([
    noName([]),
    noName([]),
    noName(["192.0.2.1"]),
    noName(["192.0.2.1"]),
    { kind: "ready" },
  ]);
  await untilReady(it.options);
  expect(it.wrong.map(([first]) => first?.found)).toEqual([[], ["192.0.2.1"]]);
});

test("it gives up when the time is up, with what was seen last", async () => {
  const it = waiting([refused], 20_000);
  const ended = untilReady(it.options);
  await expect(ended).rejects.toThrow(NotReady);
  await expect(ended).rejects.toThrow("not ready after 20 s: nothing answers yet (ECONNREFUSED)");
  expect(it.looks()).toBe(11);
});

const document = (why: string, isRefused: boolean): Seen => ({
  kind: "document",
  why,
  refused: isRefused,
});

test("a node that applies what was deployed is waited for, and one that refuses it is not", async () => {
  const it = waiting([document("it is at it", false), document("it went back", true)]);
  const ended = untilReady(it.options);
  await expect(ended).rejects.toThrow(NotReady);
  await expect(ended).rejects.toThrow("the node does not run what was deployed: it went back");
  expect(it.looks()).toBe(2);
});

test("no time at all is one look", async () => {
  const it = waiting([refused], 0);
  await expect(untilReady(it.options)).rejects.toThrow(NotReady);
  expect(it.looks()).toBe(1);
});

test("it can be interrupted", async () => {
  const over = new AbortController();
  const { sleep: _sleep, ...options } = waiting([refused]).options;
  const ended = untilReady({ ...options, signal: over.signal });
  over.abort();
  await expect(ended).rejects.toMatchObject({ name: "AbortError" });
});
