/** Deployments that are no stacks of ours: their API and a user's token are all that is known. */
import { afterEach, describe, expect, test } from "@jest/globals";
import type { TurnCredential } from "../../turn/engine.ts";
import { livekit } from "../../turn/livekit.ts";
import type { Leg } from "../../verify/leg.ts";
import { deploymentTarget } from "../../verify/target.ts";
import type { Fetch } from "../../verify/trust.ts";
import { verify } from "../../verify/verify.ts";
import { type FakeTurn, fakeTurn } from "./fakeTurn.ts";
import { turnKey } from "./stack.ts";

const servers: FakeTurn[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const API = "https://api.example/";
const answer = (status: number, body: object) => Promise.resolve(Response.json(body, { status }));

interface Api {
  /** Of the entry with TURN URLs. */
  readonly credential?: TurnCredential;
  readonly urls: string | readonly string[];
  /** What the room token endpoint answers. */
  readonly rooms?: number;
}

/** An API that hands out ICE servers alone, as other projects do: no ttl, and maybe one URL as text. */
const apiOf =
  ({ credential, urls, rooms = 404 }: Api): Fetch =>
  (url, init) => {
    if (init?.headers?.["authorization"] !== "Bearer ann's") return answer(401, {});
    return url === "https://api.example/api/livekit/ice-config"
      ? answer(200, { iceServers: [{ urls, ...credential }] })
      : answer(rooms, {});
  };

const minted = (key = turnKey) => livekit.mint(key, "ann", Math.floor(Date.now() / 1000) + 60);

/** The legs by name. */
async function legsOf(api: Api, token = "ann's"): Promise<Record<string, Leg>> {
  const { legs } = await verify(deploymentTarget({ url: API, token }), { fetch: apiOf(api) });
  return Object.fromEntries(legs.map((leg) => [leg.name, leg]));
}

async function udpUrl(): Promise<string> {
  const server = await fakeTurn({ turnKey });
  servers.push(server);
  return `turn:127.0.0.1:${server.port}?transport=udp`;
}

describe("a deployment", () => {
  test("with one URL and no rooms is proven as far as that goes, and the rest has its reason", async () => {
    const legs = await legsOf({ urls: await udpUrl(), credential: minted() });
    const outcome = (name: string) => legs[name]?.na ?? legs[name]?.ok;
    for (const name of [
      "no token is refused",
      "ICE configuration",
      "allocate over UDP",
      "UDP relay to direct",
      "UDP relay to UDP relay",
      "cloud metadata is refused",
      "wrong password is refused",
      "prolonged expiry is refused",
    ])
      expect([name, outcome(name)]).toEqual([name, true]);
    for (const name of ["LiveKit answers", "room over the relay"])
      expect(outcome(name)).toMatch(/hands out no room token at this path/);
    expect(outcome("expired credential is refused")).toMatch(/only the stack's TURN key/);
  });

  test("with user names of another server has no LiveKit user names to tamper with", async () => {
    const credential = { username: "1893456000:ann", credential: "secret" };
    const legs = await legsOf({ urls: await udpUrl(), credential });
    expect(legs["prolonged expiry is refused"]?.na).toMatch(/not in LiveKit's format/);
    expect(legs["allocate over UDP"]?.cause).toMatch(/^wrong secret: .*different secrets/);
  });

  test("with a wrong secret has it named as the cause", async () => {
    const credential = minted({ ...turnKey, secret: "x".repeat(40) });
    const legs = await legsOf({ urls: [await udpUrl()], credential });
    expect(legs["allocate over UDP"]?.cause).toMatch(/^wrong secret: /);
    expect(legs["allocate over UDP"]?.mend).not.toMatch(/npm run up/);
  });

  test("with a URL that verify does not speak says so and tries the others", async () => {
    const urls = ["turns:127.0.0.1:1?transport=udp", await udpUrl()];
    const legs = await legsOf({ urls, credential: minted() });
    expect(legs["STUN and TURN"]?.na).toMatch(/DTLS/);
    expect(legs["allocate over UDP"]?.ok).toBe(true);
  });

  test("with what is no ICE URL fails, and so does one whose TURN comes without credential", async () => {
    const wrong = await legsOf({ urls: "nonsense", credential: minted() });
    expect(wrong["ICE configuration"]?.cause).toMatch(/"nonsense" is no ICE URL/);
    const bare = await legsOf({ urls: "turn:127.0.0.1:1" });
    expect(bare["ICE configuration"]?.cause).toMatch(/comes without credential/);
  });

  test("that refuses the token fails, also for rooms", async () => {
    const legs = await legsOf({ urls: await udpUrl(), credential: minted() }, "bob's");
    for (const name of ["ICE configuration", "LiveKit answers", "room over the relay"])
      expect(legs[name]?.cause).toMatch(/the API refuses the token/);
  });

  test("whose room tokens fail is not taken for one without rooms", async () => {
    const legs = await legsOf({ urls: await udpUrl(), credential: minted(), rooms: 500 });
    expect(legs["LiveKit answers"]?.cause).toMatch(/the API answered 500/);
  });
});
