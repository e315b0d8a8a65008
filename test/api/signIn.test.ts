import { describe, expect, test } from "@jest/globals";
import { UnsecuredJWT } from "jose";
import { goodClaims, signAny, signedIn, testApi } from "../support/api.ts";

const { exp: _exp, ...withoutExp } = goodClaims;
const { sub: _sub, ...withoutSub } = goodClaims;
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

const routes = [
  { method: "GET", url: "/api/livekit/ice-config" },
  { method: "GET", url: "/api/v1/calls/webrtc-config" },
  { method: "POST", url: "/api/livekit/token" },
] as const;

const refused: { what: string; token: () => string | Promise<string>; problem: string }[] = [
  {
    what: "an expired token",
    token: () => signAny({ ...goodClaims, exp: goodClaims.exp - 60 }),
    problem: "the token has expired",
  },
  {
    what: "a token without signature (alg none)",
    token: () => new UnsecuredJWT(goodClaims).encode(),
    problem: "the token is not valid",
  },
  {
    what: "a token whose header says alg none and whose signature is kept",
    token: async () => {
      const [, payload, signature] = (await signAny(goodClaims)).split(".");
      return `${base64url({ alg: "none" })}.${payload}.${signature}`;
    },
    problem: "the token is not valid",
  },
  {
    what: "a token signed with HS512 and the right secret",
    token: () => signAny(goodClaims, "HS512"),
    problem: "the token is not valid",
  },
  {
    what: "a token signed with another secret",
    token: () => signAny(goodClaims, "HS256", "another secret, of thirty-two chars"),
    problem: "the token is not valid",
  },
  {
    what: "a token whose claims were changed after signing",
    token: async () => {
      const [header, , signature] = (await signAny(goodClaims)).split(".");
      return `${header}.${base64url({ ...goodClaims, sub: "bob" })}.${signature}`;
    },
    problem: "the token is not valid",
  },
  {
    what: "a token of another issuer",
    token: () => signAny({ ...goodClaims, iss: "elsewhere" }),
    problem: "the token's iss is wrong",
  },
  {
    what: "a token for another audience",
    token: () => signAny({ ...goodClaims, aud: "elsewhere" }),
    problem: "the token's aud is wrong",
  },
  {
    what: "a token that is not valid yet",
    token: () => signAny({ ...goodClaims, nbf: goodClaims.exp - 30 }),
    problem: "the token's nbf is wrong",
  },
  {
    what: "a token that never expires",
    token: () => signAny(withoutExp),
    problem: "the token's exp is wrong",
  },
  {
    what: "a token for nobody",
    token: () => signAny(withoutSub),
    problem: "the token's sub is wrong",
  },
  { what: "a token of two parts", token: () => "a.b", problem: "the token is not valid" },
];

describe.each(routes)("$method $url", (route) => {
  test("is refused without a token, with a bare challenge", async () => {
    const answer = await testApi().app.inject(route);
    expect(answer.statusCode).toBe(401);
    expect(answer.headers["www-authenticate"]).toBe('Bearer realm="turnkey"');
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(answer.json()).toEqual({
      statusCode: 401,
      error: "Unauthorized",
      message: "a bearer token is needed",
      requestId: expect.any(String),
    });
  });

  test.each(["Basic YTpi", "Bearer", "Bearer  ", "Bearer a b", "Bearer a,b"])(
    "is refused with the authorization header %j",
    async (authorization) => {
      const answer = await testApi().app.inject({ ...route, headers: { authorization } });
      expect(answer.statusCode).toBe(401);
      expect(answer.json()).toHaveProperty(
        "message",
        "the authorization header holds no bearer token",
      );
    },
  );

  test.each(refused)("is refused with $what", async ({ token, problem }) => {
    const authorization = `Bearer ${await token()}`;
    const answer = await testApi().app.inject({ ...route, headers: { authorization } });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers["www-authenticate"]).toBe(
      `Bearer realm="turnkey", error="invalid_token", error_description="${problem}"`,
    );
    expect(answer.json()).toHaveProperty("message", problem);
  });

  test("is refused with a good token in the query", async () => {
    const token = await signAny(goodClaims);
    const answer = await testApi().app.inject({ ...route, query: { access_token: token, token } });
    expect(answer.statusCode).toBe(401);
  });

  test("is granted to a good token, whatever the case of the scheme", async () => {
    const { authorization } = await signedIn("ann");
    for (const header of [authorization, authorization.replace("Bearer", "bearer")]) {
      const answer = await testApi().app.inject({ ...route, headers: { authorization: header } });
      expect(answer.statusCode).toBe(route.method === "POST" ? 201 : 200);
      expect(answer.headers["cache-control"]).toBe("no-store");
    }
  });
});

test("who is not signed in learns nothing about the body", async () => {
  const answer = await testApi().app.inject({
    method: "POST",
    url: "/api/livekit/token",
    payload: { nonsense: true },
  });
  expect(answer.statusCode).toBe(401);
});
