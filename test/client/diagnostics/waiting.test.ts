import { describe, expect, test } from "@jest/globals";
import { comesTrue, pause } from "../../../client/diagnostics/waiting.ts";

const LONG_MS = 600_000;
const never = new AbortController().signal;
const cancelled = () => {
  const controller = new AbortController();
  controller.abort(new Error("cancelled"));
  return controller.signal;
};

describe("waiting", () => {
  test("ends at once for what is true already", async () => {
    const wait = { withinMs: LONG_MS, signal: never };
    expect(await comesTrue(new EventTarget(), [], () => true, wait)).toBe(true);
  });

  test("ends with the event after which it is true", async () => {
    const target = new EventTarget();
    let count = 0;
    const wait = comesTrue(target, ["a", "b"], () => count === 2, {
      withinMs: LONG_MS,
      signal: never,
    });
    for (const name of ["a", "b"]) {
      count += 1;
      target.dispatchEvent(new Event(name));
    }
    expect(await wait).toBe(true);
  });

  test("ends with its time", async () => {
    const wait = { withinMs: 1, signal: never };
    expect(await comesTrue(new EventTarget(), ["a"], () => false, wait)).toBe(false);
  });

  test("ends with the run, for its reason", async () => {
    const controller = new AbortController();
    const wait = pause(LONG_MS, controller.signal);
    controller.abort(new Error("cancelled"));
    await expect(wait).rejects.toThrow("cancelled");
  });

  test("does not begin once the run is cancelled", async () => {
    const wait = { withinMs: LONG_MS, signal: cancelled() };
    await expect(comesTrue(new EventTarget(), [], () => true, wait)).rejects.toThrow("cancelled");
  });
});
