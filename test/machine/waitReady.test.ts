import { expect, test } from "@jest/globals";
import type { NodeAnswer } from "../../machine/askReady.ts";
import { waitReady } from "../../machine/waitReady.ts";

/** A node that gives these answers, the last one for ever; each takes a second of a clock of its own. */
async function wait(answers: readonly NodeAnswer[], seconds: number) {
  let at = 0;
  const told: string[] = [];
  const answer = await waitReady(
    async () => answers[Math.min(at++, answers.length - 1)] ?? { ready: true },
    { seconds, everyMs: 0, clockMs: () => at * 1000 },
    async (why) => void told.push(why),
  );
  return { answer, told, asked: at };
}

const not = (why: string): NodeAnswer => ({ ready: false, why, refused: false });
const refused: NodeAnswer = { ready: false, why: "refused", refused: true };

test("asks until the node is ready, and tells each reason as it comes up", async () => {
  const answers = [not("a"), not("a"), not("b"), not("a"), { ready: true } as const];
  expect(await wait(answers, 600)).toEqual({
    answer: { ready: true },
    told: ["a", "b", "a"],
    asked: 5,
  });
});

test("a node that is ready at once is asked once", async () => {
  expect(await wait([{ ready: true }], 600)).toEqual({
    answer: { ready: true },
    told: [],
    asked: 1,
  });
});

test("gives up when patience ends, with the last reason", async () => {
  expect(await wait([not("a"), not("b")], 4)).toEqual({
    answer: not("b"),
    told: ["a", "b"],
    asked: 4,
  });
});

test("a refusal ends the waiting once it is heard five times in a row", async () => {
  expect(await wait([not("a"), refused], 600)).toEqual({
    answer: refused,
    told: ["a", "refused"],
    asked: 6,
  });
});

test("a refusal of a node that hands the address over does not", async () => {
  const before = [refused, refused, refused, refused, not("boots")];
  expect(await wait([...before, ...before, { ready: true }], 600)).toMatchObject({
    answer: { ready: true },
    asked: 11,
  });
});
