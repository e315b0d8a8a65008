import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBlockedUsers, refuseBlocked } from "../../api/blockedUsers.ts";
import { jwtSignIn } from "../../api/signIn/jwt.ts";
import { API_TOKEN } from "../../turn/apiToken.ts";
import { NOW, secrets, signedIn, testApi } from "../support/api.ts";

let folder: string;
let file: string;
let seconds = 0;
const now = () => new Date(NOW.getTime() + seconds * 1000);

/** Log lines by level. */
const logged = { info: [] as unknown[], error: [] as unknown[] };
const log = {
  info: (...line: unknown[]) => void logged.info.push(line),
  error: (...line: unknown[]) => void logged.error.push(line),
};

const write = (text: string) => writeFileSync(file, text);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "turnkey-blocked-"));
  file = join(folder, "blocked-users.json");
  write('["ann"]');
  seconds = 0;
  logged.info = [];
  logged.error = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the list", () => {
  test("is read again when a second has passed", () => {
    const blocked = readBlockedUsers(file, now);
    write('["bob"]');
    seconds = 0.9;
    expect([...blocked(log)]).toEqual(["ann"]);
    seconds = 1;
    expect([...blocked(log)]).toEqual(["bob"]);
    expect(logged.info).toHaveLength(1);
  });

  test("is read again after the clock was set back", () => {
    const blocked = readBlockedUsers(file, now);
    write('["bob"]');
    seconds = -3_600;
    expect([...blocked(log)]).toEqual(["bob"]);
  });

  test("is the same object until it changes", () => {
    const blocked = readBlockedUsers(file, now);
    const before = blocked(log);
    seconds = 5;
    expect(blocked(log)).toBe(before);
    expect(logged.info).toEqual([]);
  });

  test.each([
    { what: "half written", spoil: () => write('["ann", "bo') },
    { what: "empty", spoil: () => write("") },
    { what: "something else", spoil: () => write('{"ann": true}') },
    { what: "a list of numbers", spoil: () => write("[1]") },
    { what: "missing", spoil: () => rmSync(file) },
  ])("stays as it was while the file is $what, which is logged once", ({ spoil }) => {
    const blocked = readBlockedUsers(file, now);
    spoil();
    for (seconds of [2, 4, 6]) expect([...blocked(log)]).toEqual(["ann"]);
    expect(logged.error).toHaveLength(1);
    write('["ann", "bob"]');
    seconds = 8;
    expect([...blocked(log)]).toEqual(["ann", "bob"]);
    spoil();
    seconds = 10;
    blocked(log);
    expect(logged.error).toHaveLength(2);
  });

  test.each(["", "[", '{"ann": 1}', "[1]", '[""]'])("%j does not let the API start", (text) => {
    write(text);
    expect(() => readBlockedUsers(file, now)).toThrow(
      `BLOCKED_USERS_FILE (${file}) cannot be read, wanted a JSON list of user ids`,
    );
  });

  test("that is not there does not let the API start", () => {
    rmSync(file);
    expect(() => readBlockedUsers(file, now)).toThrow("ENOENT");
  });
});

describe("a user who is cut off", () => {
  const signIn = jwtSignIn({
    ...API_TOKEN,
    secret: secrets.apiJwtSecret,
    now: () => NOW,
    origins: [],
  });
  const api = () => testApi({ signIn: refuseBlocked(readBlockedUsers(file, now), signIn) });

  test.each([
    ["GET", "/api/livekit/ice-config"],
    ["GET", "/api/v1/calls/webrtc-config"],
    ["POST", "/api/livekit/token"],
  ] as const)("gets a 403 and nothing else from %s %s", async (method, url) => {
    const { app, logLines } = api();
    const answer = await app.inject({ method, url, headers: await signedIn("ann") });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ message: "this user has been cut off by the operator" });
    expect(answer.headers["cache-control"]).toBe("no-store");
    const audits = logLines.filter((it) => it.includes('"audit"')).map((it) => JSON.parse(it));
    expect(audits).toEqual([expect.objectContaining({ audit: "blocked-user", user: "ann" })]);
  });

  test("is let in again when the list no longer names them, and others are all the time", async () => {
    const { app } = api();
    const status = async (user: string) => {
      const headers = await signedIn(user);
      return (await app.inject({ url: "/api/livekit/ice-config", headers })).statusCode;
    };
    expect([await status("ann"), await status("anna"), await status("bob")]).toEqual([
      403, 200, 200,
    ]);
    write("[]");
    seconds = 1;
    expect(await status("ann")).toBe(200);
  });

  test("is told nothing without a sign-in", async () => {
    const { app } = api();
    expect((await app.inject("/api/livekit/ice-config")).statusCode).toBe(401);
  });
});
