import { afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from "jose";
import { createServer, type Server, type Socket } from "node:net";
import { UNKNOWN_KEY_COOLDOWN_SECONDS } from "../../../api/signIn/keySet.ts";
import { RETRY_AFTER_SECONDS } from "../../../api/signIn/problems.ts";
import { signInOf } from "../../../api/signIn/signInOf.ts";
import { SignInSettings } from "../../../turn/signInSettings.ts";
import { appWith, clock, type Handler, json, nowSeconds, smallServer } from "./asking.ts";

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
let rsa: Pair;
let newRsa: Pair;
let ec: Pair;

beforeAll(async () => {
  [rsa, newRsa, ec] = await Promise.all([
    generateKeyPair("RS256", { extractable: true }),
    generateKeyPair("RS256", { extractable: true }),
    generateKeyPair("ES256", { extractable: true }),
  ]);
});

let issuer: Awaited<ReturnType<typeof smallServer>>;

beforeEach(async () => {
  issuer = await smallServer(json({ keys: [] }));
});
afterEach(() => issuer.stop());

const jwk = async ({ publicKey }: Pair, kid?: string) => ({
  ...(await exportJWK(publicKey)),
  use: "sig",
  ...(kid !== undefined && { kid }),
});
const publish = async (...keys: ReturnType<typeof jwk>[]) =>
  issuer.answerWith(json({ keys: await Promise.all(keys) }));

const ISSUER = "https://id.example.com/";
const good = { iss: ISSUER, aud: "calls", sub: "ann", exp: nowSeconds + 100_000 };

const sign = (
  { privateKey }: Pair,
  { claims = {}, alg = "RS256", kid }: { claims?: object; alg?: string; kid?: string } = {},
) =>
  new SignJWT({ ...good, ...claims })
    .setProtectedHeader({ alg, ...(kid !== undefined && { kid }) })
    .sign(privateKey);

const settingsOf = (changed: object = {}) =>
  SignInSettings.parse({
    kind: "jwks",
    url: `${issuer.url}jwks.json`,
    issuer: ISSUER,
    audience: "calls",
    timeoutSeconds: 10,
    ...changed,
  });

/** An application under a clock of its own; `as` asks with a token. */
function jwksApp(changed: object = {}) {
  const { now, pass } = clock();
  const { ask, logLines } = appWith(signInOf(settingsOf(changed), { now, fetch, origins: [] }));
  const as = async (token: string | Promise<string>) =>
    ask({ authorization: `Bearer ${await token}` });
  return { as, ask, pass, logLines };
}

const ok = { status: 200, said: "ann" };
const notValid = { status: 401, said: "the token is not valid" };
const cannotCheck = {
  status: 503,
  said: "the sign-in cannot be checked at the moment - try again in a few seconds",
  headers: { "retry-after": String(RETRY_AFTER_SECONDS), "cache-control": "no-store" },
};

describe("a token is accepted", () => {
  test("when a published key signed it, and the keys are fetched once for all who ask", async () => {
    await publish(jwk(rsa, "one"), jwk(ec, "two"));
    const { as } = jwksApp();
    const answers = await Promise.all([
      as(sign(rsa, { kid: "one" })),
      as(sign(rsa, { kid: "one", claims: { sub: "bob" } })),
      as(sign(ec, { kid: "two", alg: "ES256" })),
    ]);
    expect(answers).toMatchObject([ok, { status: 200, said: "bob" }, ok]);
    await as(sign(rsa, { kid: "one" }));
    expect(issuer.asked.map(({ method, url }) => `${method} ${url}`)).toEqual(["GET /jwks.json"]);
  });

  test("when it names no key and one of several fits", async () => {
    await publish(jwk(newRsa, "new"), jwk(rsa, "old"));
    const { as } = jwksApp();
    expect(await as(sign(rsa))).toMatchObject(ok);
    expect(await as(sign(newRsa))).toMatchObject(ok);
    expect(await as(sign(rsa, { claims: { exp: nowSeconds } }))).toMatchObject({
      status: 401,
      said: "the token has expired",
    });
  });

  test("when another claim holds the user's id", async () => {
    await publish(jwk(rsa, "one"));
    const { as } = jwksApp({ userClaim: "preferred_username" });
    const named = { claims: { preferred_username: "zoe" }, kid: "one" };
    expect(await as(sign(rsa, named))).toMatchObject({ status: 200, said: "zoe" });
    expect(await as(sign(rsa, { kid: "one" }))).toMatchObject({ status: 401 });
  });
});

describe("a token is refused", () => {
  const refused: [string, () => Promise<string>, string][] = [
    ["that has expired", () => sign(rsa, { claims: { exp: nowSeconds } }), "the token has expired"],
    [
      "that never expires",
      () => sign(rsa, { claims: { exp: undefined } }),
      "the token's exp is wrong",
    ],
    [
      "that is not valid yet",
      () => sign(rsa, { claims: { nbf: nowSeconds + 1 } }),
      "the token's nbf is wrong",
    ],
    [
      "of another issuer",
      () => sign(rsa, { claims: { iss: "https://evil.example/" } }),
      "the token's iss is wrong",
    ],
    [
      "for another audience",
      () => sign(rsa, { claims: { aud: ["mail"] } }),
      "the token's aud is wrong",
    ],
    [
      "without an audience",
      () => sign(rsa, { claims: { aud: undefined } }),
      "the token's aud is wrong",
    ],
    ["for nobody", () => sign(rsa, { claims: { sub: undefined } }), "the token's sub is wrong"],
    ["for an empty user", () => sign(rsa, { claims: { sub: "" } }), "the token's sub is wrong"],
    ["signed with another key", () => sign(newRsa, { kid: "one" }), notValid.said],
    ["signed with the key of another name", () => sign(rsa, { kid: "two" }), notValid.said],
    ["without signature", async () => new UnsecuredJWT(good).encode(), notValid.said],
    [
      "signed with HS256 and the public key as secret",
      async () =>
        new SignJWT(good)
          .setProtectedHeader({ alg: "HS256", kid: "one" })
          .sign(new TextEncoder().encode(await exportSPKI(rsa.publicKey))),
      notValid.said,
    ],
    [
      "signed with an algorithm that the settings do not list",
      async () => {
        const sameKey = await importJWK(await exportJWK(rsa.privateKey), "PS256");
        return new SignJWT(good).setProtectedHeader({ alg: "PS256", kid: "one" }).sign(sameKey);
      },
      notValid.said,
    ],
  ];

  test.each(refused)("%s", async (_what, token, problem) => {
    await publish(jwk(rsa, "one"));
    const { as } = jwksApp();
    const answer = await as(token());
    expect(answer).toMatchObject({ status: 401, said: problem });
    expect(answer.headers["www-authenticate"]).toContain('error="invalid_token"');
  });

  test("that never came, and nobody is asked for keys", async () => {
    const { ask } = jwksApp();
    expect(await ask()).toMatchObject({ status: 401, said: "a bearer token is needed" });
    expect(issuer.asked).toHaveLength(0);
  });

  test("whose key the issuer published as a shared secret", async () => {
    const secret = new TextEncoder().encode("canary-shared-secret-0123456789ab");
    issuer.answerWith(
      json({ keys: [{ kty: "oct", kid: "one", k: Buffer.from(secret).toString("base64url") }] }),
    );
    const token = new SignJWT(good).setProtectedHeader({ alg: "HS256", kid: "one" }).sign(secret);
    expect(await jwksApp().as(token)).toMatchObject(notValid);
  });
});

describe("when keys change", () => {
  test("a new key counts from its first token on", async () => {
    await publish(jwk(rsa, "old"));
    const { as, pass } = jwksApp();
    expect(await as(sign(rsa, { kid: "old" }))).toMatchObject(ok);
    await publish(jwk(rsa, "old"), jwk(newRsa, "new"));
    pass(UNKNOWN_KEY_COOLDOWN_SECONDS);
    expect(await as(sign(newRsa, { kid: "new" }))).toMatchObject(ok);
    expect(await as(sign(rsa, { kid: "old" }))).toMatchObject(ok);
    expect(issuer.asked).toHaveLength(2);
  });

  test("made-up names of keys reach the issuer once in a while only", async () => {
    await publish(jwk(rsa, "one"));
    const { as, pass } = jwksApp();
    for (const kid of ["a", "b", "c"])
      expect(await as(sign(newRsa, { kid }))).toMatchObject(notValid);
    expect(issuer.asked).toHaveLength(1);
    pass(UNKNOWN_KEY_COOLDOWN_SECONDS);
    for (const kid of ["d", "e", "f"])
      expect(await as(sign(newRsa, { kid }))).toMatchObject(notValid);
    expect(issuer.asked).toHaveLength(2);
  });

  test("a withdrawn key is trusted until the cached answer is too old, and no longer", async () => {
    await publish(jwk(rsa, "old"));
    const { as, pass } = jwksApp({ cacheSeconds: 600 });
    expect(await as(sign(rsa, { kid: "old" }))).toMatchObject(ok);
    await publish(jwk(newRsa, "new"));
    pass(599);
    expect(await as(sign(rsa, { kid: "old" }))).toMatchObject(ok);
    pass(1);
    expect(await as(sign(rsa, { kid: "old" }))).toMatchObject(notValid);
    expect(await as(sign(newRsa, { kid: "new" }))).toMatchObject(ok);
  });

  test("a key withdrawn in a hurry goes with the first token of the new one", async () => {
    await publish(jwk(rsa, "old"));
    const { as, pass } = jwksApp();
    expect(await as(sign(rsa, { kid: "old" }))).toMatchObject(ok);
    await publish(jwk(newRsa, "new"));
    pass(UNKNOWN_KEY_COOLDOWN_SECONDS);
    expect(await as(sign(newRsa, { kid: "new" }))).toMatchObject(ok);
    expect(await as(sign(rsa, { kid: "old" }))).toMatchObject(notValid);
  });

  test("a clock that is set back does not make the keys young again", async () => {
    await publish(jwk(rsa, "old"));
    const { as, pass } = jwksApp();
    expect(await as(sign(rsa, { kid: "old" }))).toMatchObject(ok);
    await publish(jwk(newRsa, "new"));
    pass(-86_400);
    expect(await as(sign(rsa, { kid: "old" }))).toMatchObject(notValid);
  });
});

describe("when the issuer cannot be asked", () => {
  test("from the start, nobody is refused for it: 503 until it answers", async () => {
    await publish(jwk(rsa, "one"));
    await issuer.stop();
    const { as, pass, logLines } = jwksApp();
    expect(await as(sign(rsa, { kid: "one" }))).toMatchObject(cannotCheck);
    expect(logLines.join("")).toContain("cannot fetch the keys of the sign-in");
    await issuer.restart();
    pass(RETRY_AFTER_SECONDS);
    expect(await as(sign(rsa, { kid: "one" }))).toMatchObject(ok);
  });

  test("later, the keys it had published do, for the time of an outage", async () => {
    await publish(jwk(rsa, "one"));
    const { as, pass } = jwksApp({ cacheSeconds: 600, outageSeconds: 3600 });
    expect(await as(sign(rsa, { kid: "one" }))).toMatchObject(ok);
    await issuer.stop();
    pass(600 + 3599);
    expect(await as(sign(rsa, { kid: "one" }))).toMatchObject(ok);
    pass(1);
    expect(await as(sign(rsa, { kid: "one" }))).toMatchObject(cannotCheck);
  });

  test("later, a key that is not known is nobody's fault: 503", async () => {
    await publish(jwk(rsa, "one"));
    const { as, pass } = jwksApp();
    expect(await as(sign(rsa, { kid: "one" }))).toMatchObject(ok);
    await issuer.stop();
    pass(UNKNOWN_KEY_COOLDOWN_SECONDS);
    expect(await as(sign(newRsa, { kid: "new" }))).toMatchObject(cannotCheck);
    expect(await as(sign(rsa, { kid: "one" }))).toMatchObject(ok);
  });

  test("it is left alone for a while, so that an outage costs one time-out", async () => {
    issuer.answerWith(json({}, 500));
    const { as, pass } = jwksApp();
    for (let i = 0; i < 3; i++) expect(await as(sign(rsa))).toMatchObject(cannotCheck);
    expect(issuer.asked).toHaveLength(1);
    pass(RETRY_AFTER_SECONDS);
    expect(await as(sign(rsa))).toMatchObject(cannotCheck);
    expect(issuer.asked).toHaveLength(2);
  });

  const strange: [string, () => void][] = [
    ["answers 404", () => issuer.answerWith(json({ keys: [] }, 404))],
    [
      "answers 204",
      () => issuer.answerWith((_request, response) => void response.writeHead(204).end()),
    ],
    [
      "answers with a page",
      () => issuer.answerWith((_request, response) => void response.end("<html>")),
    ],
    ["answers with other JSON", () => issuer.answerWith(json({ jwks_uri: "elsewhere" }))],
    ["answers with null", () => issuer.answerWith(json(null))],
    [
      "answers with a gigantic document",
      () => issuer.answerWith(json({ keys: [], padding: "x".repeat(300 * 1024) })),
    ],
    ["breaks off", () => issuer.answerWith((request) => void request.socket.destroy())],
    ["never answers", () => issuer.answerWith(() => undefined)],
    [
      "stops half way",
      () =>
        issuer.answerWith((_request, response) => {
          response.writeHead(200, { "content-type": "application/json" });
          response.write('{"keys":[');
        }),
    ],
  ];

  test.each(strange)("503 it is as well when it %s", async (_what, answer) => {
    answer();
    expect(await jwksApp({ timeoutSeconds: 1 }).as(sign(rsa))).toMatchObject(cannotCheck);
  });

  test.each<[string, Handler]>([
    ["something that is not JSON", (_request, response) => void response.end("canary")],
    ["503, wanted 200", json("canary", 503)],
  ])("the log tells that it answered with %s, and quotes nothing of it", async (what, answer) => {
    issuer.answerWith(answer);
    const { as, logLines } = jwksApp({ url: `${issuer.url}jwks.json?key=canary` });
    expect(await as(sign(rsa))).toMatchObject(cannotCheck);
    expect(logLines.join("")).toContain(`${issuer.url}jwks.json answered`);
    expect(logLines.join("")).toContain(what);
    expect(logLines.join("")).not.toContain("canary");
  });

  test("a redirect is not followed", async () => {
    const elsewhere = await smallServer(json({ keys: [await jwk(rsa, "one")] }));
    try {
      issuer.answerWith(
        (_request, response) => void response.writeHead(302, { location: elsewhere.url }).end(),
      );
      expect(await jwksApp().as(sign(rsa, { kid: "one" }))).toMatchObject(cannotCheck);
      expect(elsewhere.asked).toHaveLength(0);
    } finally {
      await elsewhere.stop();
    }
  });

  test("something that is no web server does not hang the caller", async () => {
    const sockets = new Set<Socket>();
    const silent: Server = createServer((socket) => void sockets.add(socket));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    try {
      const address = silent.address();
      const port = typeof address === "object" && address ? address.port : 0;
      const { as } = jwksApp({ url: `http://127.0.0.1:${port}/`, timeoutSeconds: 1 });
      expect(await as(sign(rsa))).toMatchObject(cannotCheck);
    } finally {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => silent.close(resolve));
    }
  });
});

test("an issuer is sent nothing of the request", async () => {
  await publish(jwk(rsa, "one"));
  const { ask } = jwksApp();
  await ask({ authorization: `Bearer ${await sign(rsa)}`, cookie: "canary=1", "x-canary": "1" });
  expect(JSON.stringify(issuer.asked.map(({ rawHeaders }) => rawHeaders))).not.toMatch(
    /canary|bearer/i,
  );
});
