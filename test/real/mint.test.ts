/** The contract with LiveKit: the pinned server takes what we mint and sign, and nothing else. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { stringify } from "yaml";
import { encodeBase62 } from "../../turn/base62.ts";
import type { TurnCredential } from "../../turn/engine.ts";
import { livekit } from "../../turn/livekit.ts";
import type { ApiKeyPair } from "../../turn/outputs.ts";
import { participantId } from "../../turn/participantId.ts";
import { RoomTokenResponse } from "../../turn/roomToken.ts";
import { LegFailure } from "../../verify/findings.ts";
import { parseIceUrl } from "../../verify/iceUrl.ts";
import { TurnClient } from "../../verify/turnClient.ts";
import { signedIn, testApi } from "../support/api.ts";
import { freePorts, type RunningLivekit, startLivekit } from "../support/livekit.ts";

const KEYS_PATH = "/etc/livekit/keys.yaml";
const turnKey: ApiKeyPair = { key: "TURNtest", secret: "turn-secret-0123456789abcdef0123456789" };
const roomKey: ApiKeyPair = { key: "ROOMtest", secret: "room-secret-0123456789abcdef0123456789" };
const ann = participantId("a stack key", "ann");

let signallingPort = 0;
let turnPort = 0;
let mediaPort = 0;
let server: RunningLivekit | undefined;

beforeAll(async () => {
  const first = await freePorts(24);
  signallingPort = first;
  turnPort = first + 2;
  mediaPort = first + 3;
  server = await startLivekit({
    signallingPort,
    yaml: stringify({
      port: signallingPort,
      bind_addresses: ["127.0.0.1"],
      key_file: KEYS_PATH,
      rtc: {
        tcp_port: first + 1,
        port_range_start: mediaPort,
        port_range_end: first + 23,
        use_external_ip: false,
      },
      turn: {
        enabled: true,
        udp_port: turnPort,
        relay_range_start: mediaPort + 1,
        relay_range_end: first + 23,
        bind_addresses: ["127.0.0.1"],
        allow_restricted_peer_cidrs: ["127.0.0.1/32"],
      },
    }),
    files: {
      [KEYS_PATH]: stringify({ [turnKey.key]: turnKey.secret, [roomKey.key]: roomKey.secret }),
    },
  });
}, 120_000);
afterAll(() => server?.stop());

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

const good = () => livekit.mint(turnKey, ann, inSeconds(60));

const connect = (credential: TurnCredential) =>
  TurnClient.connect(parseIceUrl(`turn:127.0.0.1:${turnPort}?transport=udp`), {
    credential,
    ca: "",
    signal: AbortSignal.timeout(4_000),
  });

/** The code that Allocate is refused with, or "allocated". */
async function answerTo(credential: TurnCredential): Promise<number | "allocated"> {
  const client = await connect(credential);
  try {
    await client.allocate();
    return "allocated";
  } catch (error) {
    if (error instanceof LegFailure && error.finding.kind === "refused") return error.finding.code;
    throw error;
  } finally {
    await client.close();
  }
}

test("a packet crosses a relay that was allocated with a minted credential", async () => {
  const client = await connect(good());
  const peer = createSocket("udp4");
  try {
    // Inside the media range: from 1.13.10 LiveKit drops what goes to its own address elsewhere.
    peer.bind(mediaPort, "127.0.0.1");
    await once(peer, "listening");
    const arrived = once(peer, "message");
    const relay = await client.allocate();
    const towards = { host: "127.0.0.1", port: mediaPort };
    await client.permit(towards);
    client.endTowards(towards).send(Buffer.from("over the relay"));
    const [payload, from] = await arrived;
    expect(String(payload)).toBe("over the relay");
    expect(from).toMatchObject({ address: relay.host, port: relay.port });
  } finally {
    peer.close();
    await client.close();
  }
});

test("LiveKit lets in whoever got a room token from the API", async () => {
  const { app } = testApi({ roomKey });
  const payload = {
    room_name: "standup",
    participant_identity: "phone",
    participant_attributes: { colour: "blue" },
    room_config: { agents: [{ agent_name: "scribe" }] },
  };
  const headers = await signedIn("ann");
  const answer = await app.inject({ method: "POST", url: "/api/livekit/token", headers, payload });
  const { participant_token } = RoomTokenResponse.parse(answer.json());
  const validate = `http://127.0.0.1:${signallingPort}/rtc/validate?access_token=`;
  expect((await fetch(validate + participant_token)).status).toBe(200);
  expect((await fetch(`${validate}${participant_token}x`)).status).toBe(401);
});

describe("LiveKit refuses", () => {
  const refused: { what: string; credential: () => TurnCredential; code: number }[] = [
    {
      what: "a wrong password",
      credential: () => ({ ...good(), credential: encodeBase62(Buffer.from("wrong")) }),
      code: 400,
    },
    {
      what: "the password of another key",
      credential: () => ({
        ...good(),
        credential: livekit.mint(roomKey, ann, inSeconds(60)).credential,
      }),
      code: 400,
    },
    {
      what: "a password that was minted for another participant",
      credential: () => ({
        ...good(),
        credential: livekit.mint(turnKey, participantId("a stack key", "bob"), inSeconds(60))
          .credential,
      }),
      code: 400,
    },
    {
      what: "a credential that has expired",
      credential: () => livekit.mint(turnKey, ann, inSeconds(-1)),
      code: 400,
    },
    {
      what: "a user name whose expiry was moved",
      credential: () => ({
        ...livekit.mint(turnKey, ann, inSeconds(-1)),
        username: livekit.mint(turnKey, ann, inSeconds(60)).username,
      }),
      code: 400,
    },
    {
      what: "a key it does not know",
      credential: () => livekit.mint({ ...turnKey, key: "another" }, ann, inSeconds(60)),
      code: 400,
    },
    {
      what: "a user name of two parts, as before version 1.12",
      credential: () => ({
        ...good(),
        username: encodeBase62(Buffer.from(`${turnKey.key}|${ann}`)),
      }),
      code: 400,
    },
  ];

  test.each(refused)("$what", async ({ credential, code }) => {
    expect(await answerTo(credential())).toBe(code);
    expect(await answerTo(good())).toBe("allocated");
  });
});
