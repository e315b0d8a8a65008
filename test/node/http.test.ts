/** How the node's programs take answers that are none. */
import { expect, test } from "@jest/globals";
import { once } from "node:events";
import { createServer } from "node:net";
import { portOf } from "../support/portOf.ts";
import { pythonBeside } from "./support/python.ts";

test("an answer that is no HTTP is a problem with the host, as no answer is", async () => {
  const server = createServer((socket) => void socket.end("rubbish\r\n")).listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${portOf(server)}`;
  const asked = pythonBeside("agent", `agent.http("GET", given)`, `http://${host}/`);
  try {
    await expect(asked).rejects.toThrow(`agent.Problem: ${host} cannot be reached: rubbish`);
  } finally {
    server.close();
  }
});
