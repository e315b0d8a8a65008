import { describe, expect, test } from "@jest/globals";
import { TokenVerifier } from "livekit-server-sdk";
import * as z from "zod";
import { grantsFor } from "../../api/tokenGrants.ts";
import { VERIFY_SUBJECT } from "../../turn/apiToken.ts";
import { defaultGrants, RoomGrants } from "../../turn/roomGrants.ts";
import { secrets, signedIn, testApi } from "../support/api.ts";

const url = "/api/livekit/token";
const Answer = z.strictObject({ server_url: z.string(), participant_token: z.string() });

/** Asks as a user and returns the claims of the token, checked as LiveKit checks them. */
async function claimsFor(user: string, payload?: object, granted: RoomGrants = defaultGrants) {
  const { app } = testApi({ grants: granted });
  const headers = await signedIn(user);
  const answer = await app.inject({ method: "POST", url, headers, ...(payload && { payload }) });
  expect(answer.statusCode).toBe(201);
  const { server_url, participant_token } = Answer.parse(answer.json());
  expect(server_url).toBe("ws://127.0.0.1:7880");
  const { key, secret } = secrets.roomKey;
  return new TokenVerifier(key, secret).verify(participant_token);
}

async function refusal(payload: object, granted: RoomGrants = defaultGrants) {
  const { app, logLines } = testApi({ grants: granted });
  const answer = await app.inject({ method: "POST", url, headers: await signedIn("ann"), payload });
  expect(logLines.join("")).not.toContain("audit");
  return z.object({ statusCode: z.number(), message: z.string() }).parse(answer.json());
}

const grants = {
  roomJoin: true,
  canPublish: true,
  canSubscribe: true,
  canPublishData: true,
  canUpdateOwnMetadata: false,
};

test("everything LiveKit's TokenSource sends ends up in the token", async () => {
  const claims = await claimsFor("ann", {
    room_name: "standup",
    participant_name: "Ann",
    participant_identity: "phone",
    participant_metadata: "likes tea",
    participant_attributes: { colour: "blue" },
    room_config: { agents: [{ agent_name: "scribe", metadata: "brief" }] },
  });
  expect(claims).toMatchObject({
    iss: "ROOM1",
    sub: "ann#phone",
    name: "Ann",
    metadata: "likes tea",
    attributes: { colour: "blue" },
    roomConfig: { agents: [{ agentName: "scribe", metadata: "brief" }] },
    video: { ...grants, room: "standup" },
  });
  expect((claims.exp ?? 0) - (claims.nbf ?? 0)).toBe(600);
});

test.each([
  { what: "no body", payload: undefined },
  { what: "an empty body", payload: {} },
])(
  "$what gives a token for the user in a room of its own, and for nothing else",
  async ({ payload }) => {
    const { exp: _exp, nbf: _nbf, ...claims } = await claimsFor("ann", payload);
    expect(claims).toEqual({
      iss: "ROOM1",
      sub: "ann",
      video: { ...grants, room: "room-random" },
    });
  },
);

test("nobody can claim another user's identity", async () => {
  expect(await claimsFor("bob", { participant_identity: "ann" })).toHaveProperty("sub", "bob#ann");
  expect(await claimsFor("bob#x", {})).toHaveProperty("sub", "bob%23x");
});

describe("a request is refused that", () => {
  test.each([
    { what: "asks for grants", payload: { grants: { roomAdmin: true } }, names: "grants" },
    { what: "asks for a video grant", payload: { video: { roomAdmin: true } }, names: "video" },
    { what: "misspells a field", payload: { roomName: "standup" }, names: "roomName" },
    {
      what: "starts an egress with the room",
      payload: { room_config: { egress: { room: {} } } },
      names: "room_config",
    },
    {
      what: "speaks for an agent",
      payload: { participant_attributes: { "lk.publish_on_behalf": "ann" } },
      names: "participant_attributes",
    },
    { what: "names a room by a number", payload: { room_name: 5 }, names: "room_name" },
    { what: "has an empty room name", payload: { room_name: "" }, names: "room_name" },
    {
      what: "has a room name of more than 256 bytes",
      payload: { room_name: "ü".repeat(129) },
      names: "room_name: must be at most 256 bytes",
    },
    {
      what: "names a device too long for LiveKit together with the user id",
      payload: { participant_identity: "x".repeat(256) },
      names: "participant_identity",
    },
    { what: "is a list", payload: [], names: "body" },
  ])("$what", async ({ payload, names }) => {
    const { statusCode, message } = await refusal(payload);
    expect(statusCode).toBe(400);
    expect(message).toContain(names);
  });
});

test("a body of more than 8 KiB is refused before it is read", async () => {
  const { statusCode } = await refusal({ participant_metadata: "x".repeat(8 * 1024) });
  expect(statusCode).toBe(413);
});

test("a body that is not JSON is refused with words", async () => {
  const { app } = testApi();
  const headers = { ...(await signedIn("ann")), "content-type": "application/json" };
  const answer = await app.inject({ method: "POST", url, headers, payload: "{" });
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ statusCode: 400, error: "Bad Request" });
});

test("each token leaves one audit line with user, identity and room", async () => {
  const { app, logLines } = testApi();
  const payload = { room_name: "standup", participant_identity: "phone" };
  await app.inject({ method: "POST", url, headers: await signedIn("ann"), payload });
  const audits = logLines.filter((line) => line.includes('"audit"'));
  expect(audits).toHaveLength(1);
  expect(JSON.parse(audits[0] ?? "")).toMatchObject({
    audit: "room-token",
    user: "ann",
    identity: "ann#phone",
    room: "standup",
  });
});

describe("the settings limit what a token grants, whatever the request says", () => {
  /** Everything that a request may say. */
  const payload = {
    room_name: "team-a",
    participant_name: "Ann",
    participant_identity: "phone",
    participant_metadata: "likes tea",
    participant_attributes: { canPublish: "true" },
  };
  const full = { ...grants, room: "team-a" };

  test.each([
    { limit: { publish: false }, video: { ...full, canPublish: false } },
    {
      limit: { sources: ["microphone", "screen_share", "screen_share_audio", "camera"] },
      video: {
        ...full,
        canPublishSources: ["microphone", "screen_share", "screen_share_audio", "camera"],
      },
    },
    { limit: { subscribe: false }, video: { ...full, canSubscribe: false } },
    { limit: { data: false }, video: { ...full, canPublishData: false } },
    { limit: { ownMetadata: true }, video: { ...full, canUpdateOwnMetadata: true } },
    { limit: { rooms: ["hall", "team-*"] }, video: full },
    { limit: { agents: false }, video: full },
  ])("$limit", async ({ limit, video }) => {
    expect((await claimsFor("ann", payload, RoomGrants.parse(limit))).video).toEqual(video);
  });
});

describe("a request is forbidden", () => {
  const rooms = RoomGrants.parse({ rooms: ["hall", "team-*"] });
  test.each([
    { what: "for a room of another name", payload: { room_name: "hall-2" }, limit: rooms },
    { what: "for a room that only ends so", payload: { room_name: "a-team-" }, limit: rooms },
    { what: "for a room made up for it", payload: {}, limit: rooms, names: "room-random" },
    {
      what: "for an agent",
      payload: { room_config: { agents: [{ agent_name: "scribe" }] } },
      limit: RoomGrants.parse({ agents: false }),
      names: "room_config.agents",
    },
  ])("$what", async ({ payload, limit, names = payload.room_name }) => {
    const { statusCode, message } = await refusal(payload, limit);
    expect(statusCode).toBe(403);
    expect(message).toContain(names);
  });

  test("but a list of no agents asks for none", async () => {
    const granted = RoomGrants.parse({ agents: false });
    await claimsFor("ann", { room_config: { agents: [] } }, granted);
  });
});

test("verify proves the relay in its own rooms whatever the settings grant, and only there", () => {
  const limits = RoomGrants.parse({ data: false, rooms: ["hall"] });
  expect(grantsFor(limits, VERIFY_SUBJECT, "turnkey-verify-1")).toBe(defaultGrants);
  expect(grantsFor(limits, VERIFY_SUBJECT, "hall")).toBe(limits);
  expect(grantsFor(limits, "ann", "turnkey-verify-1")).toBe(limits);
});
