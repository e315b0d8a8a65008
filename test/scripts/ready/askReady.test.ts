import { afterEach, expect, test } from "@jest/globals";
import { once } from "node:events";
import { createServer } from "node:https";
import { createServer as createPlainServer, type Server } from "node:http";
import { askReady } from "../../../scripts/ready/askReady.ts";
import { leafCertificate } from "../../verify/leafCertificate.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const never = new AbortController().signal;
const body = JSON.stringify({ status: "ready", checks: {} });

async function portOf(server: Pick<Server, "listen" | "close" | "address">) {
  closing.push(() => server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

test("a certificate that clients would not trust is not ready, one from the stack's CA is", async () => {
  const { ca, cert, key } = await leafCertificate();
  const asked: (string | undefined)[] = [];
  const port = await portOf(
    createServer({ cert, key }, (request, response) => {
      asked.push(request.url);
      response.end(body);
    }),
  );
  const apiUrl = `https://127.0.0.1:${port}`;
  expect((await askReady({ apiUrl }, never)).kind).toBe("certificate");
  expect(await askReady({ apiUrl, caCertificate: ca }, never)).toEqual({
    kind: "ready",
  });
  expect(asked).toEqual(["/readyz"]);
});

test("nobody there is told by the code of the error", async () => {
  const server = createPlainServer();
  const port = await portOf(server);
  server.close();
  await once(server, "close");
  closing.length = 0;
  expect(await askReady({ apiUrl: `http://127.0.0.1:${port}` }, never)).toEqual({
    kind: "connection",
    code: "ECONNREFUSED",
  });
});

test("an interruption rejects instead of counting as silence", async () => {
  const port = await portOf(createPlainServer(() => undefined));
  const over = new AbortController();
  const asked = askReady({ apiUrl: `http://127.0.0.1:${port}` }, over.signal);
  over.abort(new Error("told to end"));
  await expect(asked).rejects.toThrow("told to end");
});
