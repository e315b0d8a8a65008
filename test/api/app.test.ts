import { expect, test } from "@jest/globals";
import { secrets, signedIn, testApi } from "../support/api.ts";

test("health is told to everyone and leaves no log line", async () => {
  const { app, logLines } = testApi();
  const answer = await app.inject("/healthz");
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ status: "ok" });
  expect(logLines).toEqual([]);
});

test("these are all the routes", async () => {
  const { app } = testApi();
  await app.ready();
  const routes = app.printRoutes({ commonPrefix: false });
  expect(routes.match(/\/\S+ \(.*\)/g)?.toSorted()).toEqual([
    "/api/livekit/ice-config (GET)",
    "/api/livekit/token (POST)",
    "/api/v1/calls/webrtc-config (GET)",
    "/healthz (GET)",
  ]);
});

test("an unknown path is answered in the shape of every error", async () => {
  const answer = await testApi().app.inject("/client/meta");
  expect(answer.statusCode).toBe(404);
  expect(answer.json()).toEqual({
    statusCode: 404,
    error: "Not Found",
    message: "there is no GET on this path",
  });
});

test("a fault of the server is logged and not told", async () => {
  const { app, logLines } = testApi({
    now: () => {
      throw new Error("the clock stopped");
    },
  });
  const headers = await signedIn("ann");
  const answer = await app.inject({ url: "/api/livekit/ice-config", headers });
  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toContain("clock");
  expect(logLines.join("")).toContain("the clock stopped");
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
