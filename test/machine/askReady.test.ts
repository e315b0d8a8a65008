import { afterEach, describe, expect, test } from "@jest/globals";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { askReady } from "../../machine/askReady.ts";
import { portOf } from "../support/portOf.ts";
import {
  type Answer,
  applying,
  DOCUMENT as documentVersion,
  notReady,
  notReadyWith,
  ready,
  readyNode,
  type ReadyNode,
  readyWith,
  refused,
  report,
} from "../support/readyNode.ts";

const nodes: ReadyNode[] = [];
const servers: Server[] = [];
afterEach(async () => {
  for (const it of nodes.splice(0)) await it.close();
  for (const it of servers.splice(0)) await once(it.close(), "close");
});

const host = "127.0.0.1";

async function ask(answer: Answer) {
  const node = await readyNode(answer);
  nodes.push(node);
  return { answer: await askReady({ host, port: node.port, documentVersion }), asked: node.asked };
}

test("a node with a certificate that nobody vouches for is ready when it says so", async () => {
  const { answer, asked } = await ask(ready);
  expect(answer).toEqual({ ready: true });
  expect(asked).toEqual(["GET /readyz?without=address"]);
});

const body =
  (status: number, text: string): Answer =>
  (response) =>
    void response.writeHead(status).end(text);

describe("a node that is not ready says why:", () => {
  test.each<[string, Answer, string]>([
    [
      "the checks that fail, and no other",
      notReady,
      "livekit: LiveKit cannot be reached; clock: LiveKit's clock is not known",
    ],
    ["that it stops", body(503, report("stopping", {})), "it is stopping"],
    [
      "the edge's own 503",
      body(503, "<html>no server</html>"),
      "it answers 503, and not as the API does",
    ],
    [
      "another server that is content",
      body(200, "<html>ready</html>"),
      "it answers 200, and not as the API does",
    ],
    ["that it starts, whatever the status", body(200, report("not ready", {})), "it is not ready"],
    ["another server's page", body(404, "{}"), "it answers 404, and not as the API does"],
    ["a redirect, which is not followed", body(308, ""), "it answers 308, and not as the API does"],
    [
      "no more than a line, without what would move a terminal's cursor",
      body(
        503,
        report("not ready", { x: { ok: false, detail: `\u001b[2J\r\n${"a".repeat(999)}` } }),
      ),
      `x: ?[2J??${"a".repeat(391)}`,
    ],
    [
      "nothing of an answer without end",
      body(503, "a".repeat(100_000)),
      "the answer is too long for a readiness report",
    ],
    [
      "that it cuts the connection",
      (response) => response.socket?.destroy(),
      "it cuts the connection",
    ],
  ])("%s", async (_, answer, why) => {
    expect((await ask(answer)).answer).toEqual({ ready: false, why, refused: false });
  });
});

describe("a node that does not run the document that it is to run is not ready,", () => {
  test.each<[string, Answer, string, boolean]>([
    [
      "however ready what it runs is",
      readyWith(applying()),
      "it applies version version-1 of its document",
      false,
    ],
    [
      "and says what is away meanwhile",
      notReadyWith(applying()),
      "it applies version version-1 of its document; livekit: LiveKit cannot be reached; clock: LiveKit's clock is not known",
      false,
    ],
    [
      "and will not be when it refused it",
      readyWith(refused(documentVersion, "version-0")),
      "it refused version version-1 of its document, and runs version-0",
      true,
    ],
    [
      "nor one that does not say",
      readyWith({ state: "unheard of" }),
      "it does not say which document it runs",
      false,
    ],
  ])("%s", async (_, answer, why, isRefused) => {
    expect((await ask(answer)).answer).toEqual({ ready: false, why, refused: isRefused });
  });
});

test("an address where nothing listens is not ready", async () => {
  const node = await readyNode(ready);
  await node.close();
  expect(await askReady({ host, port: node.port, documentVersion })).toEqual({
    ready: false,
    why: "nothing listens yet",
    refused: false,
  });
});

test("a server that takes the connection and is silent is not ready", async () => {
  const server = createServer((socket) => socket.resume());
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const silent = { host, port: portOf(server), documentVersion, timeoutMs: 100 };
  expect(await askReady(silent)).toEqual({
    ready: false,
    why: "no answer within 0.1 s",
    refused: false,
  });
});
