import { expect, test } from "@jest/globals";
import { createServer } from "node:http";
import { once } from "node:events";
import { dateOf, skewFinding } from "../../../scripts/doctor/checks/clock.ts";

test.each([
  [0, "ok"],
  [60, "ok"],
  [-61, "warning"],
  [300, "warning"],
  [301, "problem"],
  [-3_600, "problem"],
])("a clock that is %i s off is %s", (seconds, level) => {
  expect(skewFinding("the API's clock", seconds).level).toBe(level);
});

test.each([
  [400, "ahead of"],
  [-400, "behind"],
])("a clock that is %i s off is told as %s ours", (seconds, how) => {
  expect(skewFinding("LiveKit's clock", seconds).text).toContain(
    `LiveKit's clock is 400 s ${how} this machine's`,
  );
});

test("the time is read from the head of any answer, WebSocket URLs included", async () => {
  const date = "Sun, 22 Nov 2026 05:00:00 GMT";
  const server = createServer((_request, response) =>
    response.writeHead(404, { Date: date }).end("x"),
  );
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  try {
    expect(await dateOf(`ws://127.0.0.1:${address.port}`, "")).toEqual(new Date(date));
  } finally {
    server.close();
  }
});
