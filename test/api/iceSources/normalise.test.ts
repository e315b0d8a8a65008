import { describe, expect, test } from "@jest/globals";
import { grantOf, parseAnswer, SentLife, SentServers } from "../../../api/iceSources/normalise.ts";

const now = new Date("2030-01-01T00:00:00Z");
const request = { turnId: "id", ttlSeconds: 600, now };
const login = { username: "name", credential: "word" };

const serversOf = (sent: unknown) =>
  grantOf(request, parseAnswer(SentServers, sent), undefined).iceServers;

describe("ICE servers of a service", () => {
  const plain = [{ urls: ["turn:a.org"], ...login }];
  test.each([
    { what: "an array", sent: [{ urls: ["turn:a.org"], ...login }], servers: plain },
    { what: "a single object", sent: { urls: ["turn:a.org"], ...login }, servers: plain },
    { what: "urls as text", sent: [{ urls: "turn:a.org", ...login }], servers: plain },
    { what: "url instead of urls", sent: [{ url: "turn:a.org", ...login }], servers: plain },
    {
      what: "url beside urls",
      sent: [{ url: "turn:old.org", urls: "turn:a.org", ...login }],
      servers: plain,
    },
    {
      what: "members that are null",
      sent: [
        { urls: "stun:a.org", username: null, credential: null, url: null },
        { urls: "turn:a.org", ...login },
      ],
      servers: [{ urls: ["stun:a.org"] }, ...plain],
    },
    {
      what: "members that nobody knows",
      sent: [{ urls: "turn:a.org", ...login, credential_type: "password" }],
      servers: plain,
    },
    {
      what: "STUN and TURN in one entry",
      sent: { urls: ["stun:a.org", "turn:a.org"], ...login },
      servers: [{ urls: ["stun:a.org"] }, ...plain],
    },
    {
      what: "port 53, which browsers refuse, unlike 5349 and 530",
      sent: {
        urls: [
          "stun:a.org:53",
          "turn:a.org:53?transport=udp",
          "turns:a.org:5349?transport=tcp",
          "turn:a.org:530",
          "turn:[2001:db8::53]",
        ],
        ...login,
      },
      servers: [
        {
          urls: ["turns:a.org:5349?transport=tcp", "turn:a.org:530", "turn:[2001:db8::53]"],
          ...login,
        },
      ],
    },
    {
      what: "URLs that browsers throw at",
      sent: { urls: ["turn:a.org", "https://a.org", "turn:a.org?transport=sctp"], ...login },
      servers: plain,
    },
    {
      what: "TURN without a credential",
      sent: [{ urls: "turn:b.org" }, { urls: "turn:c.org", username: "x" }, ...plain],
      servers: plain,
    },
  ])("come as $what", ({ sent, servers }) => {
    expect(serversOf(sent)).toEqual(servers);
  });

  test.each([
    { what: "an empty array", sent: [] },
    { what: "STUN alone", sent: [{ urls: "stun:a.org" }] },
    { what: "no credential", sent: { urls: "turn:a.org" } },
    { what: "nothing but port 53", sent: { urls: "turn:a.org:53", ...login } },
    { what: "no URL", sent: { ...login } },
  ])("are a failure with $what", ({ sent }) => {
    expect(() => serversOf(sent)).toThrow("answered without a TURN server to use");
  });

  test.each([
    { sent: "turn:a.org", members: "the whole" },
    { sent: [{ urls: 5 }], members: "the whole" },
    { sent: null, members: "the whole" },
  ])("of another shape are named by the member: $members", ({ sent, members }) => {
    expect(() => serversOf(sent)).toThrow(`another shape than documented: ${members}`);
  });
});

test("a shape that is wrong is told without its values", () => {
  const sent = [{ urls: ["turn:a.org"], username: 5, credential: ["canary-password"] }];
  const error = (() => {
    try {
      return serversOf(sent);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(Error);
  expect(JSON.stringify([error, String(error)])).not.toContain("canary");
  expect(error).not.toHaveProperty("cause");
});

const endWith = (life: unknown) =>
  grantOf(request, [{ urls: "turn:a.org", ...login }], parseAnswer(SentLife, life)).expiresAt;
const after = (seconds: number) => new Date(now.getTime() + seconds * 1000);

describe("the life of a credential", () => {
  test.each([
    { life: "86400", seconds: 86_400 },
    { life: 300, seconds: 300 },
    { life: 300.9, seconds: 300 },
    { life: 60, seconds: 60 },
    { life: 315_360_000, seconds: 315_360_000 },
    { life: undefined, seconds: 600 },
    { life: null, seconds: 600 },
  ])("told as $life is $seconds s of the 600 asked for", ({ life, seconds }) => {
    expect(endWith(life)).toEqual(after(seconds));
  });

  test.each(["soon", "", -1, "-1", 315_360_001, Number.MAX_VALUE, {}])(
    "told as %j is a failure",
    (life) => {
      expect(() => endWith(life)).toThrow("answered in another shape than documented");
    },
  );

  test.each([0, 59, "59"])("of %j s is too short to be of use", (life) => {
    expect(() => endWith(life)).toThrow(`gave a credential for ${life} s, wanted are 60 s or more`);
    expect(() => endWith(life)).toThrow(expect.objectContaining({ ofRequest: true }));
  });
});
