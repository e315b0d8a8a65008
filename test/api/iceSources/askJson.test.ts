import { expect, test } from "@jest/globals";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { inspect } from "node:util";
import { askJson } from "../../../api/iceSources/askJson.ts";
import { SourceError } from "../../../api/iceSources/iceSource.ts";
import { iceService, json } from "../../support/iceService.ts";

const never = new AbortController().signal;

/** What an asking comes to, and all that its error holds. */
async function failureOf(base: string, signal = never): Promise<string> {
  const url = new URL("turn?secretKey=canary-secret", base);
  try {
    await askJson(
      fetch,
      { method: "POST", url, headers: { authorization: "Bearer canary-token" }, body: { a: 1 } },
      signal,
    );
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    expect(inspect(error)).not.toContain("canary");
    return error.message;
  }
  throw new Error("the answer was taken");
}

/** A JSON text of this many bytes. */
const textOf = (bytes: number) => (response: ServerResponse) =>
  void response.end(`"${"x".repeat(bytes - 2)}"`);
const MOST_BYTES = 65_536;

test.each([
  {
    what: "an error status",
    answer: json({ error: "canary" }, 401),
    reason: "answered with status 401",
  },
  { what: "a status of 500", answer: json({}, 500), reason: "answered with status 500" },
  {
    what: "something else than JSON",
    answer: (response: ServerResponse) => void response.end("<p>canary</p>"),
    reason: "answered with something that is not JSON",
  },
  {
    what: "an answer that is a byte too long",
    answer: textOf(MOST_BYTES + 1),
    reason: "answered with more than 65536 bytes",
  },
  {
    what: "a connection that it cuts",
    answer: (response: ServerResponse) => void response.destroy(),
    reason: "cannot be reached (UND_ERR_SOCKET)",
  },
])("$what is a failure that quotes nothing", async ({ answer, reason }) => {
  await using service = await iceService(answer);
  expect(await failureOf(service.url)).toBe(reason);
});

test.each([301, 302, 303, 307, 308])("a redirect with %i is not followed", async (status) => {
  await using elsewhere = await iceService(json({}));
  await using service = await iceService(
    (response) => void response.writeHead(status, { location: `${elsewhere.url}/turn` }).end(),
  );
  expect(await failureOf(service.url)).toBe(`answered with status ${status}`);
  expect(service.asked).toHaveLength(1);
  expect(elsewhere.asked).toEqual([]);
});

test.each([
  { status: 400, ofRequest: true },
  { status: 401, ofRequest: false },
  { status: 403, ofRequest: false },
  { status: 404, ofRequest: false },
  { status: 422, ofRequest: true },
  { status: 429, ofRequest: false },
  { status: 500, ofRequest: false },
])(
  "status $status may be the fault of one request alone: $ofRequest",
  async ({ status, ofRequest }) => {
    await using service = await iceService(json({}, status));
    const question = { method: "GET", url: new URL(service.url) } as const;
    await expect(askJson(fetch, question, never)).rejects.toMatchObject({ ofRequest });
  },
);

test("a service that is not there is told by the system's code", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  const port = typeof address === "object" ? address?.port : undefined;
  expect(await failureOf(`http://127.0.0.1:${port}`)).toBe("cannot be reached (ECONNREFUSED)");
});

test("the signal ends an asking that nobody answers", async () => {
  const asking = new AbortController();
  await using service = await iceService(() => asking.abort());
  expect(await failureOf(service.url, asking.signal)).toMatch(/^cannot be reached/);
});

test("the signal ends an answer that never ends", async () => {
  const asking = new AbortController();
  await using service = await iceService((response) => {
    response.writeHead(200).write("[");
    setTimeout(() => asking.abort(), 50);
  });
  expect(await failureOf(service.url, asking.signal)).toMatch(/^cannot be reached/);
});

test("the longest answer is taken", async () => {
  await using service = await iceService(textOf(MOST_BYTES));
  const question = { method: "GET", url: new URL(service.url) } as const;
  expect(await askJson(fetch, question, never)).toBe("x".repeat(MOST_BYTES - 2));
});

test("an object goes as JSON, parameters as a form, and nothing as nothing", async () => {
  await using service = await iceService(json(["an answer"]));
  const ask = (body: object | undefined) =>
    askJson(fetch, { method: "PUT", url: new URL(service.url), ...(body ? { body } : {}) }, never);
  expect(await ask({ ttl: 60 })).toEqual(["an answer"]);
  await ask(new URLSearchParams({ Ttl: "60" }));
  await ask(undefined);
  expect(service.asked).toMatchObject([
    { method: "PUT", body: '{"ttl":60}', headers: { "content-type": "application/json" } },
    {
      body: "Ttl=60",
      headers: { "content-type": "application/x-www-form-urlencoded;charset=UTF-8" },
    },
    { body: "" },
  ]);
});
