import { describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { ErrorBody } from "../../api/errors.ts";
import { apiDescription } from "../../api/openapi/describeApi.ts";
import { operations } from "../../api/openapi/operations.ts";
import { securitySchemes } from "../../api/openapi/securitySchemes.ts";
import { SignInSettings } from "../../turn/signInSettings.ts";
import { signedIn, testApi } from "../support/api.ts";

const Operation = z.looseObject({
  operationId: z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  responses: z.record(z.string(), z.looseObject({})),
});
const Document = z.looseObject({
  openapi: z.literal("3.1.0"),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.looseObject({
    schemas: z.record(z.string(), z.unknown()),
    responses: z.record(z.string(), z.unknown()),
    securitySchemes: z.record(z.string(), z.unknown()),
  }),
});

const describing = async (changed: Parameters<typeof testApi>[0] = {}) =>
  Document.parse((await testApi(changed).app.inject("/openapi.json")).json());

/** `GET /healthz`, with what is described. */
const operationsOf = ({ paths }: z.infer<typeof Document>) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, it]) => [`${method.toUpperCase()} ${path}`, it] as const),
  );

test("it is open to everyone and asked for anew each time", async () => {
  const answer = await testApi().app.inject("/openapi.json");
  expect(answer.statusCode).toBe(200);
  expect(answer.headers).toMatchObject({
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-cache",
  });
});

test("it tells every public route and none that is internal", async () => {
  const page = { html: "<!doctype html>", assets: {} };
  const told = await describing({ caCertificate: "PEM", demoPage: page });
  expect(
    operationsOf(told)
      .map(([route]) => route)
      .toSorted(),
  ).toEqual(Object.keys(operations).toSorted());
  expect(JSON.stringify(told)).not.toContain("demo");
});

test("every id is used once", async () => {
  const ids = operationsOf(await describing()).map(([, { operationId }]) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

test("every reference leads somewhere", async () => {
  const told = await describing();
  const references = [...JSON.stringify(told).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];
  expect(references.length).toBeGreaterThan(10);
  for (const [, kind = "", name = ""] of references)
    expect(told.components[kind]).toHaveProperty(name);
});

test("what is for signed-in users says how to sign in, and 401, 403 and 429", async () => {
  for (const [route, { security, responses }] of operationsOf(await describing())) {
    const signedInRoute = operations[route]?.signedIn;
    expect([route, security]).toEqual([route, signedInRoute ? [{ bearer: [] }] : []]);
    const refusals = ["401", "403", "429"].filter((it) => it in responses);
    if (signedInRoute) expect([route, refusals]).toEqual([route, ["401", "403", "429"]]);
  }
});

test("the body of a room token may be left out", async () => {
  const { paths } = await describing();
  expect(paths["/api/livekit/token"]?.["post"]).toHaveProperty("requestBody.required", false);
});

test("the schemas are those that requests are checked with", async () => {
  const { paths } = await describing();
  const { app } = testApi();
  const schema = z.looseObject({ properties: z.record(z.string(), z.unknown()) });
  const anyOf = z.looseObject({ anyOf: z.tuple([schema], z.unknown()) });
  const content = z.looseObject({
    content: z.record(z.string(), z.looseObject({ schema: anyOf })),
  });
  const { requestBody } = z
    .looseObject({ requestBody: content })
    .parse(paths["/api/livekit/token"]?.["post"]);
  const keys = Object.keys(
    requestBody.content["application/json"]?.schema.anyOf[0].properties ?? {},
  );
  expect(keys).toContain("room_name");
  const headers = await signedIn("ann");
  const payload = { [`${keys[0]}x`]: "a" };
  const answer = await app.inject({ method: "POST", url: "/api/livekit/token", headers, payload });
  expect(answer.statusCode).toBe(400);
});

test("errors have the shape that is answered", async () => {
  const { components } = await describing();
  expect(components.schemas["Error"]).toMatchObject({
    required: Object.keys(ErrorBody.shape),
    additionalProperties: false,
  });
});

describe("a description that would be wrong", () => {
  test("of a route that is not there is refused at start", async () => {
    const { app } = testApi();
    await app.ready();
    delete app.swagger().paths?.["/healthz"];
    expect(() => apiDescription(app)).toThrow(
      "GET /healthz is described and there is no such route",
    );
  });
});

describe("how to sign in", () => {
  const secret = "a secret of thirty-two characters";
  test.each<[string, unknown, object]>([
    ["jwt", { kind: "jwt" }, { bearer: { type: "http", scheme: "bearer" } }],
    [
      "jwt in a cookie as well",
      { kind: "jwt", cookie: "at" },
      { bearer: {}, cookie: { type: "apiKey", in: "cookie", name: "at" } },
    ],
    [
      "cookie",
      { kind: "cookie", name: "sid", secrets: [secret] },
      { cookie: { type: "apiKey", in: "cookie", name: "sid" } },
    ],
    [
      "forward",
      { kind: "forward", url: "https://a.example/me", headers: ["authorization", "x-session"] },
      { authorization: { type: "http" }, "x-session": { in: "header", name: "x-session" } },
    ],
  ])("by %s", (_, settings, schemes) => {
    const told = securitySchemes(SignInSettings.parse(settings));
    expect(told).toMatchObject(schemes);
    expect(Object.keys(told)).toEqual(Object.keys(schemes));
    expect(JSON.stringify(told)).not.toContain(secret);
  });
});
