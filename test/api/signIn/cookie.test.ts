import { describe, expect, test } from "@jest/globals";
import { createHmac } from "node:crypto";
import { unsigned } from "../../../api/signIn/signedValue.ts";
import { signInOf } from "../../../api/signIn/signInOf.ts";
import { SignInSettings } from "../../../turn/signInSettings.ts";
import { appWith, clock, NOW, nowSeconds } from "./asking.ts";

const SECRET = "canary-cookie-secret-0123456789abcdef";
const OLD_SECRET = "canary-old-cookie-secret-0123456789";
const APP = "https://app.example.com";

const cookieApp = (changed: object = {}, now = () => NOW) =>
  appWith(
    signInOf(SignInSettings.parse({ kind: "cookie", secrets: [SECRET, OLD_SECRET], ...changed }), {
      now,
      fetch,
      origins: [APP],
    }),
  );

const signatureOf = (value: string, secret = SECRET) =>
  createHmac("sha256", secret).update(value).digest("base64").replace(/=+$/, "");
/** As `res.cookie(name, value, { signed: true })` of Express 4 and 5. */
const express = (value: string, secret?: string) =>
  encodeURIComponent(`s:${value}.${signatureOf(value, secret)}`);
/** As `reply.setCookie(name, value, { signed: true })` of @fastify/cookie. */
const fastifyCookie = (value: string) => encodeURIComponent(`${value}.${signatureOf(value)}`);

const session = { userId: "ann", expiresAt: nowSeconds + 60 };
const j = (value: unknown) => `j:${JSON.stringify(value)}`;
const asking = (value: string, changed: object = {}) =>
  cookieApp(changed).ask({ cookie: `session=${value}` });

describe("a signed cookie", () => {
  test.each([
    ["Express's, with an object", express(j(session))],
    ["Express's, with more in many alphabets", express(j({ name: "Zoë 你好", ...session }))],
    ["@fastify/cookie's, with an object", fastifyCookie(j(session))],
    [
      "Express's, with JSON in base64url",
      express(Buffer.from(JSON.stringify(session)).toString("base64url")),
    ],
    [
      "Express's, with JSON in base64",
      express(Buffer.from(JSON.stringify(session)).toString("base64")),
    ],
    ["one that the previous secret signed", express(j(session), OLD_SECRET)],
  ])("signs its user in: %s", async (_what, value) => {
    expect(await asking(value)).toMatchObject({ status: 200, said: "ann" });
  });

  test("of cookie-signature's own tests is one of ours", () => {
    const signed = "hello.DGDUkGlIkCzPz+C0B064FNgHdEjox7ch8tOBGslZ5QI";
    expect(unsigned(`s:${signed}`, ["tobiiscool"])).toBe("hello");
    expect(unsigned(signed, ["luna", "tobiiscool"])).toBe("hello");
    expect(unsigned(signed, ["luna"])).toBeUndefined();
  });

  test("may have any name and fields", async () => {
    const value = express(j({ passport: { user: 42 }, until: "2030-01-01T01:00:00+00:30" }));
    const changed = { name: "__Host-sid", userField: "passport.user", expiresField: "until" };
    const answer = await cookieApp(changed).ask({ cookie: `__Host-sid=${value}; session=x` });
    expect(answer).toMatchObject({ status: 200, said: "42" });
  });
});

describe("a cookie is refused", () => {
  const wrong = "the cookie session is not valid";
  test.each([
    ["when its value was changed", express(j(session)).replace("ann", "bob"), wrong],
    ["when its signature was changed", express(j(session)).slice(0, -2), wrong],
    ["without a signature", encodeURIComponent(j(session)), wrong],
    ["with an empty signature", encodeURIComponent(`s:${j(session)}.`), wrong],
    [
      "signed with another secret",
      express(j(session), "another secret, of thirty-two chars"),
      wrong,
    ],
    ["signed with the empty secret", express(j(session), ""), wrong],
    ["when it holds only the id of a session", express("Nb2mZxQ0sJ3vJt8kq5"), wrong],
    ["when it holds half an object", express('j:{"userId":"ann"'), wrong],
    ["when it is empty", "", wrong],
    [
      "when its time is over",
      express(j({ ...session, expiresAt: nowSeconds })),
      "the cookie session has expired",
    ],
    [
      "when it names no end",
      express(j({ userId: "ann" })),
      "the cookie session says no end in expiresAt",
    ],
    [
      "when its end has no time zone",
      express(j({ ...session, expiresAt: "2031-01-01T00:00:00" })),
      "the cookie session says no end in expiresAt",
    ],
    [
      "when its end is no time",
      express(j({ ...session, expiresAt: "never" })),
      "the cookie session says no end in expiresAt",
    ],
    [
      "when it names no user",
      express(j({ expiresAt: session.expiresAt })),
      "the cookie session names no user in userId",
    ],
    [
      "when its user is a forged log line",
      express(j({ ...session, userId: "ann\nlevel" })),
      "the cookie session names no user in userId",
    ],
  ])("%s", async (_what, value, problem) => {
    const answer = await asking(value);
    expect(answer).toMatchObject({ status: 401, said: problem });
    expect(answer.headers["www-authenticate"]).toContain(`error_description="${problem}"`);
  });

  test("when it did not come, and a bare challenge goes out", async () => {
    for (const headers of [{}, { cookie: "other=1" }, { cookie: "session" }, { cookie: ";;=" }]) {
      const answer = await cookieApp().ask(headers);
      expect(answer).toMatchObject({ status: 401, said: "the cookie session is needed" });
      expect(answer.headers["www-authenticate"]).toBe('Bearer realm="turnkey"');
    }
  });

  test("when it came twice, whichever of the two is good", async () => {
    const value = express(j(session));
    for (const cookie of [`session=${value}; session=x`, `session=x;session=${value}`])
      expect(await cookieApp().ask({ cookie })).toMatchObject({
        status: 401,
        said: "the cookie session came more than once",
      });
  });

  test("and no problem tells the secret or the cookie", async () => {
    const { ask, logLines } = cookieApp();
    const value = express(j(session), "another secret, of thirty-two chars");
    const answer = await ask({ cookie: `session=${value}` });
    const told = JSON.stringify(answer) + logLines.join("");
    expect(told).not.toContain("canary");
    expect(told).not.toContain(value);
  });
});

describe.each([
  ["seconds of Unix time", nowSeconds + 60],
  ["milliseconds of Unix time", (nowSeconds + 60) * 1000],
  ["ISO 8601", new Date(NOW.getTime() + 60_000).toISOString()],
])("an end in %s", (_what, expiresAt) => {
  test("holds to the last second and not beyond", async () => {
    const { now, pass } = clock();
    const { ask } = cookieApp({}, now);
    const headers = { cookie: `session=${express(j({ ...session, expiresAt }))}` };
    pass(59);
    expect(await ask(headers)).toMatchObject({ status: 200 });
    pass(1);
    expect(await ask(headers)).toMatchObject({
      status: 401,
      said: "the cookie session has expired",
    });
  });
});

describe("a cookie that a browser sends", () => {
  const good = { host: "localhost", cookie: `session=${express(j(session))}` };

  test.each([
    ["from a page of a site that may ask", { origin: APP, "sec-fetch-site": "cross-site" }],
    ["from the API's own page", { origin: "http://localhost" }],
    ["from the API's own page, by GET", { "sec-fetch-site": "same-origin" }],
    ["from the address line", { "sec-fetch-site": "none" }],
  ])("counts %s", async (_what, more) => {
    expect(await cookieApp().ask({ ...good, ...more })).toMatchObject({ status: 200, said: "ann" });
  });

  test.each([
    ["of another site", { origin: "https://evil.example" }],
    ["of another site, whose browser tells only that", { "sec-fetch-site": "cross-site" }],
    ["without an origin", { origin: "null" }],
    ["of a site whose name begins alike", { origin: `${APP}.evil.example` }],
    ["of the same host over another scheme", { origin: "https://localhost" }],
    ["of the same host on another port", { origin: "http://localhost:8080" }],
  ])("is refused from a page %s", async (_what, more) => {
    const answer = await cookieApp().ask({ ...good, ...more });
    expect(answer.status).toBe(403);
    expect(answer.said).toContain("api.corsOrigins");
  });
});
