import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { goesOnFor, userEdits } from "../../../scripts/commands/cutOff.ts";
import {
  livekitHttpUrl,
  removedText,
  takingOut,
  untilOut,
} from "../../../scripts/commands/takeOut.ts";
import { remaindersTable } from "../../../scripts/commands/whatGoesOn.ts";
import { shellWord } from "../../../scripts/shellWord.ts";
import { UserError } from "../../../scripts/userError.ts";
import { devPlan, dockerSettings } from "../../support/plans.ts";

const blocking = (...blockedUsers: string[]) => dockerSettings({ api: { blockedUsers } });

/** The list after the command, or what it says. */
const listAfter = (blockedUsers: readonly string[], user: string, undo = false): unknown => {
  try {
    const settings = blocking(...blockedUsers);
    const text = userEdits({ stack: "dev", settings, user, undo }).reduce<string | undefined>(
      (it, { change }) => it && change(it),
      `config:\n  turnkey:api: { blockedUsers: ${JSON.stringify(blockedUsers)} }\n`,
    );
    return parse(text ?? "").config["turnkey:api"].blockedUsers;
  } catch (error) {
    return error instanceof UserError ? error.told() : String(error);
  }
};

describe("the list of users who are cut off", () => {
  test.each([
    { before: [], user: "ann", after: ["ann"] },
    { before: ["bob"], user: "1", after: ["bob", "1"] },
    { before: ["ann"], user: "ann", after: ["ann"] },
    { before: ["bob", "ann"], user: "bob", undo: true, after: ["ann"] },
    { before: ["ann"], user: "ann", undo: true, after: [] },
    {
      before: [],
      user: "ann",
      undo: true,
      after: 'user ann of stack "dev" is not cut off\n  nobody is',
    },
    {
      before: ["bob", "carl"],
      user: "ann",
      undo: true,
      after: 'user ann of stack "dev" is not cut off\n  these are: bob, carl',
    },
  ])("$before, then $user (undo: $undo)", ({ before, user, undo, after }) =>
    expect(listAfter(before, user, undo)).toEqual(after),
  );

  test.each(["", " ann", "ann\n", "x".repeat(257)])("%j is nobody's id", (user) =>
    expect(listAfter([], user)).toContain("is no user's id"),
  );

  test("verify is no user", () =>
    expect(listAfter([], "turnkey-verify")).toContain("who npm run verify signs in as"));
});

describe("what a user who is cut off still has is told", () => {
  const now = new Date("2030-01-01T12:00:00.5Z");

  test.each([60, 3_600])("by the longest that may be, not by the %p s of today", (ttl) => {
    const settings = dockerSettings({
      turn: { credentialTtlSeconds: ttl },
      api: { roomTokenTtlSeconds: ttl },
    });
    expect(goesOnFor(settings, now)).toEqual([
      // A day, LiveKit's minute of leeway, and 10 s for a request under way.
      { what: "room tokens", until: "2030-01-02T12:01:11Z", why: expect.any(String) },
      // Who joins at that moment gets one for five minutes.
      { what: "TURN credentials", until: "2030-01-02T12:06:11Z", why: expect.any(String) },
      { what: "open relays", why: expect.any(String) },
    ]);
  });

  test("as a table", () => {
    const rows = [
      { what: "a", until: "2030-01-01T12:10:01Z", why: "b" },
      { what: "cd", why: "e" },
    ];
    expect(remaindersTable(rows)).toBe(
      "  a   until 2030-01-01T12:10:01Z  b\n  cd  not ended here              e",
    );
  });
});

describe("LiveKit is reached", () => {
  const outputs = { nodeAddress: "192.168.1.5", livekitUrl: "wss://media.example.com" };
  test.each([
    ["docker", {}, "http://127.0.0.1:7880"],
    ["docker", { edge: false }, "http://192.168.1.5:7880"],
    ["aws", {}, "https://media.example.com"],
  ] as const)("on %s with %j at %s", (target, values, wanted) => {
    const ports = [...devPlan(values).ports];
    expect(livekitHttpUrl(target, { ...outputs, ports })).toBe(wanted);
  });
});

const insisting = {
  user: "ann",
  endAll: "npm run revoke -- generation 3",
  wait: () => Promise.resolve(),
};

/** A user who is found at each of these looks and at no other. */
const foundAt = (looks: (look: number) => boolean) => {
  let look = 0;
  return () => {
    look += 1;
    return Promise.resolve(looks(look) ? [{ room: `r${look % 2}`, identity: "ann" }] : []);
  };
};

describe("a user is taken out", () => {
  const removed = { room: expect.any(String), identity: "ann" };

  test.each([
    { where: "is in no room", last: 0 },
    { where: "was in one", last: 1 },
    { where: "comes back until the last look but one", last: 7 },
  ])("who $where", async ({ last }) => {
    const all = await untilOut(
      foundAt((look) => look <= last),
      insisting,
    );
    expect(all).toEqual(Array.from({ length: last }, () => removed));
  });

  test("once more at least, as the API may have handed out a token meanwhile", async () => {
    const all = await untilOut(
      foundAt((look) => look === 2),
      insisting,
    );
    expect(all).toEqual([removed]);
  });

  test("and a failure is told when they come back each time", async () => {
    await expect(
      untilOut(
        foundAt(() => true),
        insisting,
      ),
    ).rejects.toMatchObject({
      name: "UserError",
      message: "user ann is cut off, but still comes back into rooms with a token from before: r0",
      mend: [
        expect.stringMatching(
          /^the API takes them out again every two seconds, until \d{4}-\S+Z at least$/,
        ),
        "to end all tokens at once, for everybody: npm run revoke -- generation 3",
      ],
    });
  });
});

test("a LiveKit that does not answer is told, and what to do", async () => {
  const ports = [...devPlan({ livekit: { port: 1 } }).ports];
  const outputs = {
    ports,
    nodeAddress: "127.0.0.1",
    livekitUrl: "ws://127.0.0.1:1",
    roomKey: { key: "KEY", secret: "s".repeat(32) },
  };
  const takeOut = takingOut("ann", "docker", outputs);
  await expect(untilOut(takeOut, insisting)).rejects.toMatchObject({
    name: "UserError",
    message: expect.stringContaining("LiveKit's rooms could not be searched"),
    mend: ["the API goes on trying; run the same command again to see it done"],
  });
});

test("rooms are named once each", () => {
  const ann = { room: "r", identity: "ann" };
  expect(removedText([ann, ann, { room: "s", identity: "ann#tab" }])).toBe(
    "They were taken out of these rooms:\n  r as ann\n  s as ann#tab",
  );
  expect(removedText([])).toBe("They were in no room.");
});

test.each([
  ["ann@example.com", "ann@example.com"],
  ["auth0|ann", "'auth0|ann'"],
  ["o'neil", String.raw`'o'\''neil'`],
  ["", "''"],
])("%j is one word for a shell: %s", (text, wanted) => expect(shellWord(text)).toBe(wanted));
