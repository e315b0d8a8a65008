import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { FAILURES_IN_A_ROW, PAUSE_MS, withBreaker } from "../../../api/iceSources/breaker.ts";
import { type IceGrant, SourceError } from "../../../api/iceSources/iceSource.ts";

const request = { turnId: "id", ttlSeconds: 60, now: new Date() };
const grant: IceGrant = { iceServers: [{ urls: ["stun:a.org"] }] };
const LEFT_ALONE = "left alone for 30 s after 3 failures";

let at = 0;
beforeEach(() => {
  at = 1_000_000;
  jest.spyOn(Date, "now").mockImplementation(() => at);
});
afterEach(() => void jest.restoreAllMocks());

/** A service that fails until it is well, and counts its visitors. */
function service() {
  const state = { asked: 0, isWell: false };
  const ask = withBreaker(async () => {
    state.asked += 1;
    if (!state.isWell) throw new SourceError("broken");
    return grant;
  }, 5_000);
  const outcome = () => ask(request).catch((error: Error) => error.message);
  const fail = async (times: number) => {
    for (let time = 0; time < times; time++) {
      // oxlint-disable-next-line no-await-in-loop -- in a row
      expect(await outcome()).toBe("broken");
    }
  };
  return { state, outcome, fail };
}

test("an asking that never ends is given up at its time-out, whatever it does about the signal", async () => {
  const ask = withBreaker(() => new Promise(() => undefined), 100);
  await expect(ask(request)).rejects.toThrow("gave no answer within 100 ms");
});

test("the signal tells the asking when to end", async () => {
  let given: AbortSignal | undefined;
  const ask = withBreaker((_request, signal) => {
    given = signal;
    return new Promise(() => undefined);
  }, 100);
  await ask(request).catch(() => undefined);
  expect(given?.aborted).toBe(true);
});

describe("after three failures in a row a service", () => {
  test("is left alone", async () => {
    const { state, outcome, fail } = service();
    await fail(FAILURES_IN_A_ROW);
    at += PAUSE_MS - 1;
    expect(await outcome()).toBe(LEFT_ALONE);
    expect(state.asked).toBe(FAILURES_IN_A_ROW);
  });

  test("is tried once after the pause, and left alone again if that fails", async () => {
    const { state, outcome, fail } = service();
    await fail(FAILURES_IN_A_ROW);
    at += PAUSE_MS;
    await fail(1);
    expect(await outcome()).toBe(LEFT_ALONE);
    expect(state.asked).toBe(FAILURES_IN_A_ROW + 1);
  });

  test("is asked by all once the trial went well", async () => {
    const { state, outcome, fail } = service();
    await fail(FAILURES_IN_A_ROW);
    at += PAUSE_MS;
    state.isWell = true;
    expect(await outcome()).toEqual(grant);
    expect(await outcome()).toEqual(grant);
    state.isWell = false;
    await fail(FAILURES_IN_A_ROW);
    expect(await outcome()).toBe(LEFT_ALONE);
  });
});

test("a life that one user asked for and did not get takes the service from nobody", async () => {
  const short = { ...request, ttlSeconds: 61 };
  const ask = withBreaker(async ({ ttlSeconds }) => {
    if (ttlSeconds === short.ttlSeconds) throw new SourceError("too short", { ofRequest: true });
    return grant;
  }, 5_000);
  for (let time = 0; time < FAILURES_IN_A_ROW; time++) {
    // oxlint-disable-next-line no-await-in-loop -- in a row
    await expect(ask(short)).rejects.toThrow("too short");
  }
  expect(await ask(request)).toEqual(grant);
});

test("a success in between starts the count again", async () => {
  const { state, outcome, fail } = service();
  await fail(FAILURES_IN_A_ROW - 1);
  state.isWell = true;
  await outcome();
  state.isWell = false;
  await fail(FAILURES_IN_A_ROW);
});

test("nobody waits for the trial of another", async () => {
  const trial = Promise.withResolvers<IceGrant>();
  let isBroken = true;
  const ask = withBreaker(
    () => (isBroken ? Promise.reject(new SourceError("broken")) : trial.promise),
    5_000,
  );
  for (let time = 0; time < FAILURES_IN_A_ROW; time++) {
    // oxlint-disable-next-line no-await-in-loop -- in a row
    await ask(request).catch(() => undefined);
  }
  at += PAUSE_MS;
  isBroken = false;
  const tried = ask(request);
  await expect(ask(request)).rejects.toThrow(LEFT_ALONE);
  trial.resolve(grant);
  expect(await tried).toEqual(grant);
});
