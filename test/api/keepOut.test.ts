import { beforeEach, describe, expect, test } from "@jest/globals";
import { ParticipantInfo, Room, TwirpError } from "livekit-server-sdk";
import { keepOutOnce } from "../../api/keepOut.ts";
import { removeParticipants } from "../../api/removeParticipants.ts";
import { isIdentityOf } from "../../api/participantIdentity.ts";
import { NOW } from "../support/api.ts";

/** LiveKit's rooms as far as they matter: who is in which. */
class Rooms {
  readonly inside = new Map<string, string[]>();
  /** How often the rooms were listed. */
  looks = 0;
  failure: Error | undefined;

  async listRooms() {
    this.looks += 1;
    if (this.failure) throw this.failure;
    return [...this.inside.keys()].map((name) => new Room({ name }));
  }

  async listParticipants(room: string) {
    const there = this.inside.get(room);
    if (!there) throw new TwirpError("not_found", "no such room", 404, "not_found");
    return there.map((identity) => new ParticipantInfo({ identity }));
  }

  async removeParticipant(room: string, identity: string) {
    const there = this.inside.get(room) ?? [];
    if (!there.includes(identity))
      throw new TwirpError("not_found", "no such participant", 404, "not_found");
    this.inside.set(
      room,
      there.filter((it) => it !== identity),
    );
  }
}

let rooms: Rooms;
let blocked: ReadonlySet<string>;
let seconds: number;
const lines: unknown[] = [];
const note = (...line: unknown[]) => void lines.push(line);

beforeEach(() => {
  rooms = new Rooms();
  blocked = new Set();
  seconds = 0;
  lines.length = 0;
});

/** A day is the longest that the settings let a token live; LiveKit adds a minute, a request under way 10 s. */
const LIFE = 24 * 3_600 + 60 + 10;

const watching = () =>
  keepOutOnce({
    blockedUsers: () => blocked,
    rooms,
    now: () => new Date(NOW.getTime() + seconds * 1000),
    log: { info: note, warn: note, error: note },
  });

describe("removing a user", () => {
  test("takes every identity of theirs out of every room, and nobody else", async () => {
    rooms.inside.set("r", ["ann", "ann#phone", "anna", "bob#ann", "bob", "ann%23phone"]);
    rooms.inside.set("s", ["ann#x%23y", "carol"]);
    const removed = await removeParticipants(rooms, isIdentityOf(new Set(["ann"])));
    expect(removed).toEqual([
      { room: "r", identity: "ann" },
      { room: "r", identity: "ann#phone" },
      { room: "s", identity: "ann#x%23y" },
    ]);
    expect([...rooms.inside.values()]).toEqual([
      ["anna", "bob#ann", "bob", "ann%23phone"],
      ["carol"],
    ]);
  });

  test("knows ids with characters that identities escape", () => {
    const isTheirs = isIdentityOf(new Set(["a#b", "100%"]));
    expect(["a%23b", "a%23b#tab", "100%25", "a", "a#b", "100%"].map(isTheirs)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test("passes over who and what has gone meanwhile", async () => {
    rooms.inside.set("r", ["ann"]);
    const stale = {
      listRooms: () => Promise.resolve([new Room({ name: "gone" }), new Room({ name: "r" })]),
      listParticipants: async (room: string) => [
        new ParticipantInfo({ identity: "ann#gone" }),
        ...(await rooms.listParticipants(room)),
      ],
      removeParticipant: rooms.removeParticipant.bind(rooms),
    };
    await removeParticipants(stale, isIdentityOf(new Set(["ann"])));
    expect(rooms.inside.get("r")).toEqual([]);
  });
});

describe("users who are cut off are kept out", () => {
  test("and LiveKit is asked nothing while nobody is", async () => {
    const look = watching();
    await look();
    expect(rooms.looks).toBe(0);
  });

  test("as often as they come back, with an audit line each", async () => {
    const look = watching();
    blocked = new Set(["ann"]);
    for (seconds of [2, 4]) {
      rooms.inside.set("r", ["ann#phone", "bob"]);
      await look();
      expect(rooms.inside.get("r")).toEqual(["bob"]);
    }
    const audit = { audit: "removed-participant", identity: "ann#phone", room: "r" };
    expect(lines).toEqual([
      [audit, expect.anything()],
      [audit, expect.anything()],
    ]);
  });

  test("until no token can be valid, however long the settings once let it live", async () => {
    const look = watching();
    blocked = new Set(["ann"]);
    await look();
    seconds = LIFE - 1;
    rooms.inside.set("r", ["bob"]);
    await look();
    expect(rooms.looks).toBe(2);
    seconds = LIFE;
    await look();
    expect(rooms.looks).toBe(2);
  });

  test("and longer where they came back, with what LiveKit gave them then", async () => {
    const look = watching();
    blocked = new Set(["ann"]);
    await look();
    seconds = 3_000;
    rooms.inside.set("r", ["ann"]);
    await look();
    seconds = 3_000 + LIFE - 1;
    await look();
    expect(rooms.looks).toBe(3);
    seconds += 1;
    await look();
    expect(rooms.looks).toBe(3);
  });

  test("and anew when the list changes", async () => {
    const look = watching();
    blocked = new Set(["ann"]);
    await look();
    seconds = 2 * LIFE;
    blocked = new Set(["ann", "bob"]);
    await look();
    expect(rooms.looks).toBe(2);
  });

  test("also after LiveKit could not be reached, which is logged once", async () => {
    const look = watching();
    blocked = new Set(["ann"]);
    rooms.failure = new Error("connect ECONNREFUSED");
    for (seconds of [2, LIFE - 1, 2 * LIFE - 2]) await look();
    expect(lines).toHaveLength(1);
    rooms.failure = undefined;
    rooms.inside.set("r", ["ann"]);
    seconds = 3 * LIFE - 3;
    await look();
    expect(rooms.inside.get("r")).toEqual([]);
  });
});
