import { expect, test } from "@jest/globals";
import * as z from "zod";
import { ErrorBody } from "../../api/errors.ts";
import { type ApiDeps } from "../../api/app.ts";
import { secrets, signedIn, testApi } from "../support/api.ts";

const page = { html: "<!doctype html><title>a</title>", assets: {} };

/** Every method and path of an application, and the schemas of its answers. */
async function routesOf(changed: Partial<ApiDeps> = {}): Promise<Map<string, unknown>> {
  const { app } = testApi(changed);
  const routes = new Map<string, unknown>();
  app.addHook("onRoute", ({ method, url, schema }) => {
    routes.set(`${String(method)} ${url}`, schema?.response);
  });
  await app.ready();
  return routes;
}

test("health is told to everyone and leaves no log line", async () => {
  const { app, logLines } = testApi();
  const answer = await app.inject("/healthz");
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ status: "ok" });
  expect(answer.headers["cache-control"]).toBe("no-store");
  expect(logLines).toEqual([]);
});

const always = [
  "GET /api/livekit/ice-config",
  "GET /api/v1/calls/webrtc-config",
  "GET /healthz",
  "GET /openapi.json",
  "GET /readyz",
  "POST /api/livekit/token",
];

test.each<[string, Partial<ApiDeps>, string[]]>([
  ["these are all the routes", {}, []],
  [
    "a development stack has these more",
    { caCertificate: "PEM", demoPage: page },
    ["GET /ca.crt", "GET /demo", "GET /demo/", "POST /demo/join"],
  ],
  ["with CORS preflights are answered", { corsOrigins: ["https://a.example"] }, ["OPTIONS *"]],
])("%s", async (_, changed, more) => {
  const routes = await routesOf(changed);
  expect([...routes.keys()].toSorted()).toEqual([...always, ...more].toSorted());
});

test("an unknown path is answered in the shape of every error", async () => {
  const answer = await testApi().app.inject("/client/meta");
  expect(answer.statusCode).toBe(404);
  expect(answer.json()).toEqual({
    statusCode: 404,
    error: "Not Found",
    message: "there is no GET on this path",
    requestId: answer.headers["x-request-id"],
  });
});

test.each([
  ["DELETE", "/healthz", "GET"],
  ["HEAD", "/api/livekit/ice-config", "GET"],
  ["GET", "/api/livekit/token?a=b", "POST"],
  ["OPTIONS", "/api/livekit/token", "POST"],
  ["PUT", "/readyz", "GET"],
] as const)("%s %s is answered with what the path takes", async (method, url, allow) => {
  const answer = await testApi().app.inject({ method, url });
  expect(answer.statusCode).toBe(405);
  expect(answer.headers["allow"]).toBe(allow);
  expect(answer.headers["cache-control"]).toBe("no-store");
});

test("what the router cannot read is answered like every other error, and strangers fill no log with it", async () => {
  const { app, logLines } = testApi();
  const answer = await app.inject("/%zz");
  expect(answer.statusCode).toBe(400);
  const { requestId } = ErrorBody.parse(answer.json());
  expect(answer.headers["x-request-id"]).toBe(requestId);
  expect(answer.headers["cache-control"]).toBe("no-store");
  expect(logLines).toEqual([]);
});

test("a fault of the server is logged and not told", async () => {
  const { app, logLines } = testApi({
    signIn: () => Promise.reject(new Error("the clock stopped")),
  });
  const answer = await app.inject("/api/livekit/ice-config");
  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toContain("clock");
  expect(answer.body).not.toContain("    at ");
  expect(logLines.join("")).toContain("the clock stopped");
});

test("an answer holds what its schema lists and no more, or is not given", async () => {
  const { app } = testApi();
  const schema = { response: { 200: z.object({ told: z.string() }) } };
  const more = { told: "yes", canary: "canary-of-the-server" };
  void app.register((scope, _options, done) => {
    scope.get("/more", { schema }, () => more);
    scope.get("/wrong", { schema }, () => ({ told: { more } }));
    done();
  });
  expect((await app.inject("/more")).json()).toEqual({ told: "yes" });
  const wrong = await app.inject("/wrong");
  expect(wrong.statusCode).toBe(500);
  expect(wrong.body).not.toContain("canary");
});

test("every public route has a schema for each of its answers", async () => {
  for (const [route, response] of await routesOf())
    expect([route, response]).toEqual([route, expect.anything()]);
});

test("no secret and no token is in any answer or log line", async () => {
  const { app, logLines } = testApi();
  const headers = await signedIn("ann");
  const token = headers.authorization.slice("Bearer ".length);
  const answers = await Promise.all([
    app.inject({ url: "/api/livekit/ice-config", headers }),
    app.inject({ url: "/api/v1/calls/webrtc-config", headers }),
    app.inject({ method: "POST", url: "/api/livekit/token", headers, payload: {} }),
    app.inject({ method: "POST", url: "/api/livekit/token", headers, payload: { bad: token } }),
    app.inject({ url: "/api/livekit/ice-config", query: { access_token: token } }),
    app.inject({ url: `/${token}`, headers }),
    app.inject("/healthz"),
  ]);
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 201, 400, 401, 404, 200]);
  const spoken = [...answers.map(({ body }) => body), ...logLines].join("\n");
  for (const secret of [
    secrets.apiJwtSecret,
    secrets.userIdKey,
    secrets.roomKey.secret,
    secrets.turnKey.secret,
  ])
    expect(spoken).not.toContain(secret);
  const asked = logLines.filter((line) => !line.includes(`/${token}`)).join("\n");
  expect(asked).not.toContain(token);
});
