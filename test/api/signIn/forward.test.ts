import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createHmac } from "node:crypto";
import { RETRY_AFTER_SECONDS } from "../../../api/signIn/problems.ts";
import { signInOf } from "../../../api/signIn/signInOf.ts";
import { SignInSettings } from "../../../turn/signInSettings.ts";
import { until } from "../../support/until.ts";
import { appWith, clock, type Handler, json, nowSeconds, smallServer } from "./asking.ts";

const APP = "https://app.example.com";
/** What the application's sessions are, by their cookie. */
const SESSIONS: Readonly<Record<string, string>> = { "sid=of-ann": "ann", "sid=of-bob": "bob" };

/** As an Express application with sessions of its own answers: the example of docs/sign-in.md. */
const application: Handler = (request, response) => {
  const user = SESSIONS[request.headers.cookie ?? ""];
  if (user === undefined) response.writeHead(401).end();
  else response.writeHead(204, { "x-user-id": user }).end();
};

let server: Awaited<ReturnType<typeof smallServer>>;
beforeEach(async () => {
  server = await smallServer(application);
});
afterEach(() => server.stop());

function forwardApp(changed: object = {}) {
  const { now, pass } = clock();
  const settings = SignInSettings.parse({
    kind: "forward",
    url: `${server.url}session?from=turnkey`,
    timeoutSeconds: 10,
    ...changed,
  });
  return { ...appWith(signInOf(settings, { now, fetch, origins: [APP] })), pass };
}

const asAnn = { cookie: "sid=of-ann" };
const ann = { status: 200, said: "ann" };
const cannotCheck = {
  status: 503,
  said: "the sign-in cannot be checked at the moment - try again in a few seconds",
  headers: { "retry-after": String(RETRY_AFTER_SECONDS), "cache-control": "no-store" },
};
const nobody = { status: 401, said: "the application knows no user by these headers" };

describe("the application is asked", () => {
  test("with the caller's cookie and authorization header, by GET, at its own URL", async () => {
    const { ask } = forwardApp();
    expect(await ask(asAnn)).toMatchObject(ann);
    const bearer = { authorization: "Bearer of-bob" };
    server.answerWith((request, response) => {
      const isBob = request.headers.authorization === bearer.authorization;
      response.writeHead(200, isBob ? { "x-user-id": "bob" } : {}).end("a body that nobody needs");
    });
    expect(await ask(bearer)).toMatchObject({ status: 200, said: "bob" });
    expect(server.asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "GET /session?from=turnkey",
      "GET /session?from=turnkey",
    ]);
  });

  test("and hears nothing else of the request but its method and path", async () => {
    await forwardApp().ask(
      {
        ...asAnn,
        "x-canary": "1",
        "x-user-id": "canary",
        "x-forwarded-uri": "/canary",
        "x-forwarded-for": "canary",
        referer: "https://canary.example",
        "user-agent": "canary",
      },
      { url: "/api/livekit/ice-config?access_token=canary" },
    );
    const [request] = server.asked;
    expect(JSON.stringify(request?.rawHeaders)).not.toContain("canary");
    expect(request?.headers).toMatchObject({
      "x-forwarded-method": "GET",
      "x-forwarded-uri": "/api/livekit/ice-config",
      host: new URL(server.url).host,
    });
  });

  test("not at all when none of the headers came", async () => {
    expect(await forwardApp().ask()).toMatchObject({
      status: 401,
      said: "one of the headers cookie, authorization is needed",
      headers: { "www-authenticate": 'Bearer realm="turnkey"' },
    });
    expect(server.asked).toHaveLength(0);
  });

  test("with other headers where the settings list them: PeerWave's native clients sign requests", async () => {
    const headers = ["X-Client-ID", "X-Timestamp", "X-Nonce", "X-Signature"];
    const secret = "session-secret";
    const signature = (path: string) =>
      createHmac("sha256", secret).update(`c1:${nowSeconds}:n1:${path}:`).digest("hex");
    server.answerWith((request, response) => {
      const fits =
        request.headers["x-signature"] === signature(String(request.headers["x-forwarded-uri"]));
      response.writeHead(fits ? 204 : 401, { "x-user-id": "ann" }).end();
    });
    const { ask } = forwardApp({ headers });
    const signed = (path: string) => ({
      "x-client-id": "c1",
      "x-timestamp": String(nowSeconds),
      "x-nonce": "n1",
      "x-signature": signature(path),
    });
    const path = "/api/livekit/ice-config";
    expect(await ask(signed(path), { url: `${path}?ttl=60` })).toMatchObject(ann);
    // What was signed for one path does not open another, cached or not.
    expect(await ask(signed(path), { url: "/api/livekit/token" })).toMatchObject(nobody);
  });
});

describe("what the application answers", () => {
  test.each([
    [401, nobody],
    [403, { status: 403, said: "the application does not let this user in" }],
    [301, cannotCheck],
    [302, cannotCheck],
    [400, cannotCheck],
    [404, cannotCheck],
    [429, cannotCheck],
    [500, cannotCheck],
    [503, cannotCheck],
  ])("with %i is no sign-in, even with a user's id", async (status, outcome) => {
    server.answerWith(
      (_request, response) => void response.writeHead(status, { "x-user-id": "ann" }).end(),
    );
    expect(await forwardApp().ask(asAnn)).toMatchObject(outcome);
  });

  test("goes nowhere: neither its headers nor its body reach the caller", async () => {
    for (const status of [200, 401, 403, 500]) {
      server.answerWith(
        (_request, response) =>
          void response
            .writeHead(status, { "x-user-id": "ann", "set-cookie": "canary=1", "x-canary": "1" })
            .end("canary"),
      );
      expect(JSON.stringify(await forwardApp().ask(asAnn))).not.toContain("canary");
    }
  });

  test("may name the user in another header, in UTF-8", async () => {
    server.answerWith(
      (_request, response) =>
        void response
          .writeHead(200, { "remote-user": Buffer.from("Zoë").toString("latin1") })
          .end(),
    );
    const { ask } = forwardApp({ userHeader: "Remote-User" });
    expect(await ask(asAnn)).toMatchObject({ status: 200, said: "Zoë" });
  });

  test("may name the user in its JSON, however deep, and then no header does", async () => {
    const { ask } = forwardApp({ userField: "data.user.id", cacheSeconds: 0 });
    server.answerWith(json({ data: { user: { id: 42 } } }));
    expect(await ask(asAnn)).toMatchObject({ status: 200, said: "42" });
    server.answerWith(application);
    expect(await ask(asAnn)).toMatchObject(cannotCheck);
  });

  test.each([[{}], [null], [{ user: null }], [[]]])(
    "is that nobody is signed in when its JSON is %j, as session endpoints say it",
    async (body) => {
      server.answerWith(json(body));
      expect(await forwardApp({ userField: "user.id" }).ask(asAnn)).toMatchObject(nobody);
    },
  );

  test.each([
    { status: 401, changed: {}, outcome: nobody },
    { status: 401, changed: { userField: "id" }, outcome: nobody },
    { status: 403, changed: { userField: "id" }, outcome: { status: 403 } },
    { status: 200, changed: {}, outcome: ann },
  ])(
    "with $status and $changed counts without its body, which may be of any size and never end",
    async ({ status, changed, outcome }) => {
      server.answerWith((_request, response) => {
        response.writeHead(status, { "x-user-id": "ann" });
        response.write("x".repeat(100 * 1024));
      });
      expect(await forwardApp(changed).ask(asAnn)).toMatchObject(outcome);
    },
  );

  const strange: { what: string; handler: Handler; changed?: object }[] = [
    { what: "no user's id", handler: (_request, response) => void response.writeHead(204).end() },
    {
      what: "an empty user's id",
      handler: (_request, response) => void response.writeHead(204, { "x-user-id": "" }).end(),
    },
    {
      what: "a user's id beyond 256 bytes",
      handler: (_request, response) =>
        void response.writeHead(204, { "x-user-id": "a".repeat(257) }).end(),
    },
    {
      what: "an object for a user's id",
      handler: json({ id: { $gt: "" } }),
      changed: { userField: "id" },
    },
    {
      what: "a page where JSON was to be",
      handler: (_request, response) => void response.end("<html>"),
      changed: { userField: "id" },
    },
    {
      what: "a gigantic document",
      handler: json({ id: "ann", padding: "x".repeat(100 * 1024) }),
      changed: { userField: "id" },
    },
    { what: "a closed connection", handler: (request) => void request.socket.destroy() },
    { what: "nothing", handler: () => undefined, changed: { timeoutSeconds: 1 } },
    {
      what: "half a document",
      handler: (_request, response) => {
        response.writeHead(200, { "x-user-id": "ann" });
        response.write("{");
      },
      changed: { timeoutSeconds: 1, userField: "id" },
    },
  ];

  test.each(strange)(
    "is a fault, and not the caller's, when it is $what",
    async ({ handler, changed }) => {
      server.answerWith(handler);
      const { ask, logLines } = forwardApp(changed);
      expect(await ask(asAnn)).toMatchObject(cannotCheck);
      expect(logLines.join("")).toContain("cannot ask the application who the user is");
    },
  );

  test("is a fault when it is a redirect, which is not followed", async () => {
    const elsewhere = await smallServer(application);
    try {
      server.answerWith(
        (_request, response) => void response.writeHead(307, { location: elsewhere.url }).end(),
      );
      expect(await forwardApp().ask(asAnn)).toMatchObject(cannotCheck);
      expect(elsewhere.asked).toHaveLength(0);
    } finally {
      await elsewhere.stop();
    }
  });

  test.each<[string, Handler]>([
    ["something that is not JSON", (_request, response) => void response.end("canary")],
    ["no user's id in id", json({ id: { canary: "canary" } })],
    ["503, wanted 2xx, 401 or 403", json("canary", 503)],
  ])("can be a fault (%s) of which the log quotes nothing", async (what, handler) => {
    server.answerWith(handler);
    const url = `${server.url}session?key=canary`;
    const { ask, logLines } = forwardApp({ url, userField: "id" });
    expect(await ask(asAnn)).toMatchObject(cannotCheck);
    expect(logLines.join("")).toContain(`${server.url}session answered`);
    expect(logLines.join("")).toContain(what);
    expect(logLines.join("")).not.toContain("canary");
  });

  test("can be a fault without the session appearing in the log", async () => {
    await server.stop();
    const { ask, logLines } = forwardApp();
    expect(await ask({ cookie: "sid=canary", authorization: "canary" })).toMatchObject(cannotCheck);
    expect(logLines.join("")).toContain("ECONNREFUSED");
    expect(logLines.join("")).not.toContain("canary");
    await server.restart();
  });
});

describe("an answer is kept", () => {
  test("for as long as the settings say, for the same headers alone", async () => {
    const { ask, pass } = forwardApp({ cacheSeconds: 10 });
    expect(await ask(asAnn)).toMatchObject(ann);
    pass(9);
    expect(await ask(asAnn)).toMatchObject(ann);
    expect(server.asked).toHaveLength(1);
    expect(await ask({ cookie: "sid=of-bob" })).toMatchObject({ status: 200, said: "bob" });
    expect(await ask({ ...asAnn, authorization: "Bearer x" })).toMatchObject(ann);
    expect(server.asked).toHaveLength(3);
    pass(1);
    server.answerWith(json({}, 401));
    expect(await ask(asAnn)).toMatchObject(nobody);
  });

  test("and bridges a fault only so long", async () => {
    const { ask, pass } = forwardApp({ cacheSeconds: 10 });
    expect(await ask(asAnn)).toMatchObject(ann);
    server.answerWith(json({}, 500));
    pass(9);
    expect(await ask(asAnn)).toMatchObject(ann);
    pass(1);
    expect(await ask(asAnn)).toMatchObject(cannotCheck);
  });

  test("not at all where the settings say 0", async () => {
    const { ask } = forwardApp({ cacheSeconds: 0 });
    for (let i = 0; i < 3; i++) expect(await ask(asAnn)).toMatchObject(ann);
    expect(server.asked).toHaveLength(3);
  });

  test.each([401, 403, 500])("never when it is %i", async (status) => {
    const { ask } = forwardApp();
    server.answerWith(json({}, status));
    expect((await ask(asAnn)).status).not.toBe(200);
    server.answerWith(application);
    expect(await ask(asAnn)).toMatchObject(ann);
  });
});

test("those who ask alike at a time share one question, others do not", async () => {
  const { promise: open, resolve: release } = Promise.withResolvers<undefined>();
  server.answerWith((request, response) => void open.then(() => application(request, response)));
  const { ask } = forwardApp({ cacheSeconds: 0 });
  const bobs = { cookie: "sid=of-bob" };
  const answers = Promise.all([ask(asAnn), ask(asAnn), ask(asAnn), ask(bobs)]);
  const asked = () => server.asked.map(({ headers }) => headers.cookie);
  // Requests are dealt with in turn, so that all have asked when the last one has.
  await until(() => asked().includes(bobs.cookie), 20_000);
  release(undefined);
  expect(await answers).toMatchObject([ann, ann, ann, { said: "bob" }]);
  expect(asked()).toHaveLength(2);
});

describe("a page of another site", () => {
  const evil = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };

  test("gets nothing by the user's cookies, and the application is not asked", async () => {
    expect(await forwardApp().ask({ ...asAnn, ...evil })).toMatchObject({ status: 403 });
    expect(server.asked).toHaveLength(0);
  });

  test("may ask when it is among api.corsOrigins, or sends no cookie", async () => {
    const { ask } = forwardApp();
    expect(await ask({ ...asAnn, ...evil, origin: APP })).toMatchObject(ann);
    expect(await ask({ authorization: "Bearer x", ...evil })).toMatchObject(nobody);
    expect(server.asked).toHaveLength(2);
  });
});
