/** The bundled server, tried by Schemathesis with all its checks by its own description. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { once } from "node:events";
import { createServer } from "node:http";
import { apiProcess, type ApiProcess } from "../support/apiProcess.ts";
import { portOf } from "../support/portOf.ts";
import { schemathesis } from "../support/schemathesis.ts";

const MINUTE_MS = 60_000;

let api: ApiProcess;
beforeAll(async () => {
  api = await apiProcess();
}, 2 * MINUTE_MS);
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

test(
  "signed in, nothing is found",
  async () => {
    const { authorization } = await api.signedIn("schemathesis");
    // Schemathesis knows the header that it has to leave out by this spelling.
    const headers = { Authorization: authorization };
    const { code, output } = await schemathesis(`${api.base}/openapi.json`, headers);
    expect({ code, said: code === 0 ? "" : output }).toEqual({ code: 0, said: "" });
    expect(output).toContain("Tested: 5");
  },
  5 * MINUTE_MS,
);

test(
  "not signed in, nothing is found",
  async () => {
    const { code, output } = await schemathesis(`${api.base}/openapi.json`);
    expect({ code, said: code === 0 ? "" : output }).toEqual({ code: 0, said: "" });
    expect(output).toContain("Tested: 5");
  },
  5 * MINUTE_MS,
);

test(
  "a server that does not do what it says would be found",
  async () => {
    const paths = { "/a": { get: { responses: { 200: { description: "never" } } } } };
    const info = { title: "a", version: "1" };
    const description = JSON.stringify({ openapi: "3.1.0", info, paths });
    const server = createServer(({ url }, answer) => {
      answer.setHeader("content-type", "application/json");
      if (url === "/openapi.json") answer.end(description);
      else answer.writeHead(500).end("{}");
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const port = portOf(server);
    const { code, output } = await schemathesis(`http://127.0.0.1:${port}/openapi.json`);
    server.close();
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining("Server error") });
  },
  5 * MINUTE_MS,
);

test("the log of it all holds no secret and no fault", () => {
  expect(api.output()).not.toContain("canary");
  expect(api.output()).not.toContain('"level":50');
});
