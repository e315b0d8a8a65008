import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import { afterEach, expect, test } from "@jest/globals";
import { canDownload } from "../../../scripts/setup/canDownload.ts";

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function site(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port was bound");
  return `http://127.0.0.1:${address.port}/install.sh`;
}

const script: RequestListener = (_, answer) => {
  answer.end("#!/bin/sh\nexit 1\n");
};

test("a site that hands out its installer can be downloaded from", async () => {
  expect(await canDownload(await site(script))).toEqual({ works: true });
});

test("redirects are followed", async () => {
  const url = await site((request, answer) => {
    if (request.url === "/install.sh") answer.writeHead(302, { location: "/moved" }).end();
    else script(request, answer);
  });
  expect(await canDownload(url)).toEqual({ works: true });
});

test.each<[string, RequestListener, RegExp]>([
  ["refuses", (_, answer) => void answer.writeHead(403).end(), /answered 403$/],
  [
    "shows a sign-in page",
    (_, answer) => void answer.end("<html>"),
    /something else than its installer/,
  ],
  [
    "redirects for ever",
    (_, answer) => void answer.writeHead(302, { location: "/" }).end(),
    /without end$/,
  ],
  ["accepts and says nothing", () => undefined, /did not answer within 0\.2 s$/],
  ["stops half-way", (_, answer) => answer.flushHeaders(), /did not answer within 0\.2 s$/],
])("a site that %s cannot", async (_, listener, reason) => {
  const answer = await canDownload(await site(listener), 200);
  expect(answer).toEqual({ works: false, reason: expect.stringMatching(reason) });
});

test("a site that is not there cannot, and the reason is told", async () => {
  const url = await site(script);
  server.close();
  expect(await canDownload(url)).toEqual({
    works: false,
    reason: expect.stringMatching(/cannot be reached \(ECONNREFUSED\)$/),
  });
});
