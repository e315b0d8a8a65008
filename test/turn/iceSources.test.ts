import { describe, expect, test } from "@jest/globals";
import { IceSources } from "../../turn/iceSources.ts";

const SID = "0123456789abcdef0123456789abcdef";
const turn = { urls: ["turn:turn.example.org"], username: "vox", credential: "a password" };

/** The least each kind wants, and what its defaults make of it. */
const least = {
  livekit: { kind: "livekit" },
  sharedSecret: { kind: "shared-secret", urls: ["turn:t.example.org"], secret: "0123456789abcdef" },
  cloudflare: { kind: "cloudflare", keyId: "id", apiToken: "token" },
  twilio: { kind: "twilio", accountSid: `AC${SID}`, secret: "token" },
  metered: { kind: "metered", app: "demo", secretKey: "key" },
  xirsys: { kind: "xirsys", channel: "calls/eu", ident: "me", secret: "key" },
  static: { kind: "static", iceServers: [turn] },
  stun: { kind: "stun", urls: ["stun:stun.example.org"] },
};

test("without a word the stack's own TURN server is the one source", () => {
  expect(IceSources.parse(undefined)).toEqual([{ kind: "livekit", fallback: false }]);
});

test.each(Object.entries(least))("%s asks for no more than it needs", (name, source) => {
  const isManaged = ["cloudflare", "twilio", "metered", "xirsys"].includes(name);
  expect(IceSources.parse([source])).toEqual([
    { ...source, fallback: false, ...(isManaged ? { timeoutMs: 2000 } : {}) },
  ]);
});

test("the parsed setting passes its own schema again, as the API reads what the stack wrote", () => {
  const parsed = IceSources.parse(Object.values(least));
  expect(IceSources.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed);
});

const problems = (sources: unknown) =>
  IceSources.safeParse(sources).error?.issues.map(({ path, message }) => [path.join("."), message]);

describe("a list is refused", () => {
  test.each([
    { what: "without a source", sources: [], path: "", wanted: "at least one source" },
    {
      what: "with nine",
      sources: Array.from({ length: 9 }, () => least.livekit),
      path: "",
      wanted: "at most 8 sources",
    },
    {
      what: "with a fallback before one that is none",
      sources: [{ ...least.cloudflare, fallback: true }, least.livekit],
      path: "1.fallback",
      wanted: "true, as one before is a fallback: those stand last",
    },
  ])("$what", ({ sources, path, wanted }) => {
    expect(problems(sources)).toEqual([[path, wanted]]);
  });

  test("that is none", () => {
    expect(problems("livekit")).toEqual([["", "a list of sources, each with its kind"]]);
  });
});

test("a fallback may stand alone and last", () => {
  const fallback = { ...least.stun, fallback: true };
  expect(IceSources.parse([least.livekit, fallback, fallback])).toHaveLength(3);
});

describe("a source is refused", () => {
  const secret = "a secret of at least 16 characters";
  const url = "an https: URL; http: only for this machine; no query and no password";
  test.each([
    {
      source: { kind: "coturn" },
      path: "kind",
      wanted: "one of livekit, shared-secret, cloudflare, twilio, metered, xirsys, static, stun",
    },
    { source: { ...least.sharedSecret, secret: "short" }, path: "secret", wanted: secret },
    { source: { ...least.sharedSecret, secret: undefined }, path: "secret", wanted: secret },
    { source: { ...least.sharedSecret, urls: [] }, path: "urls", wanted: "at least one URL" },
    {
      source: { ...least.sharedSecret, urls: ["https://t.example.org"] },
      path: "urls.0",
      wanted: "a URL such as turn:turn.example.org:3478?transport=udp",
    },
    {
      source: { ...least.stun, urls: ["turn:turn.example.org"] },
      path: "urls.0",
      wanted: "a URL such as stun:stun.example.org:3478",
    },
    { source: { ...least.cloudflare, timeoutMs: 99 }, path: "timeoutMs", wanted: "at least 100" },
    { source: { ...least.cloudflare, timeoutMs: 5001 }, path: "timeoutMs", wanted: "at most 5000" },
    {
      source: { ...least.cloudflare, apiToken: "two\r\nlines" },
      path: "apiToken",
      wanted: "a text without spaces, as the service gave it",
    },
    {
      source: { ...least.twilio, accountSid: "AC12" },
      path: "accountSid",
      wanted: "AC and 32 hexadecimal digits",
    },
    {
      source: { ...least.twilio, keySid: `AC${SID}` },
      path: "keySid",
      wanted: "SK and 32 hexadecimal digits",
    },
    {
      source: { ...least.metered, app: "demo.metered.live" },
      path: "app",
      wanted: "the NAME of NAME.metered.live",
    },
    {
      source: { ...least.xirsys, channel: "../_acc" },
      path: "channel",
      wanted: "a channel, or parts joined by /",
    },
    ...[
      "http://turn.example.org",
      "https://me:secret@example.org",
      "https://example.org/?key=1",
      "ftp://127.0.0.1",
      "example.org",
    ].map((it) => ({ source: { ...least.xirsys, url: it }, path: "url", wanted: url })),
    ...["username", "credential"].map((it) => ({
      source: { ...least.static, iceServers: [{ ...turn, [it]: undefined }] },
      path: `iceServers.0.${it}`,
      wanted: "username and credential, where there is a turn: URL",
    })),
  ])("$source.kind with another $path: $wanted", ({ source, path, wanted }) => {
    const given = Object.fromEntries(
      Object.entries(source).filter(([, value]) => value !== undefined),
    );
    expect(problems([given])).toEqual([[`0.${path}`, wanted]]);
  });

  test.each(Object.entries(least))("%s with a setting it does not have", (_name, source) => {
    const parsed = IceSources.safeParse([{ ...source, timeoutSeconds: 2 }]);
    expect(parsed.error?.issues).toMatchObject([
      { code: "unrecognized_keys", keys: ["timeoutSeconds"] },
    ]);
  });
});

test.each(["http://127.0.0.1:8080", "http://localhost", "http://[::1]:80/base", "https://x.org/a"])(
  "a service may be reached at %s",
  (url) => {
    expect(IceSources.safeParse([{ ...least.cloudflare, url }]).success).toBe(true);
  },
);
