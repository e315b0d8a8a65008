import { expect, test } from "@jest/globals";
import { ensureImage, imageReference } from "../../../registry-only/docker/ensureImage.ts";
import { engineAnswer, fakeEngine } from "../../support/fakeEngine.ts";

const digest = `sha256:${"a".repeat(64)}`;

test.each([
  ["node", "node", "latest"],
  ["node:24", "node", "24"],
  ["livekit/livekit-server:v1.13.11", "livekit/livekit-server", "v1.13.11"],
  ["127.0.0.1:5000/a/b", "127.0.0.1:5000/a/b", "latest"],
  ["127.0.0.1:5000/a/b:1", "127.0.0.1:5000/a/b", "1"],
  [`node:24@${digest}`, "node", digest],
])("%s is pulled as %s with %s", (name, fromImage, tag) => {
  expect(imageReference(name)).toEqual({ fromImage, tag });
});

test("an image that is here is not pulled", async () => {
  const engine = fakeEngine({ "GET /images/a%3A1/json": { Id: "sha256:1" } });
  expect((await ensureImage(engine, "a:1")).text("Id")).toBe("sha256:1");
  expect(engine.calls).toHaveLength(1);
});

test("a pull that fails in the middle of its progress is an error with the reason", async () => {
  const engine = fakeEngine({
    "GET /images/a%3A1/json": engineAnswer(404, "No such image: a:1"),
    "POST /images/create": '{"status":"Pulling"}\r\n{"error":"manifest unknown"}\r\n',
  });
  await expect(ensureImage(engine, "a:1")).rejects.toThrow(
    'image "a:1" is not on this machine and cannot be pulled: manifest unknown - mend the engine',
  );
});
