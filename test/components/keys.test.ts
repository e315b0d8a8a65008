import { expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { Keys } from "../../components/keys.ts";
import { deploy, plain, valueOf } from "../support/engine.ts";

const PASSWORD = "random:index/randomPassword:RandomPassword";

test("rooms and TURN have keys of their own, named with their generation", async () => {
  const { ofType } = await deploy(() => new Keys("keys", {}));
  expect(ofType("turnkey:index:ApiKey").map((it) => it.name)).toEqual(["room-key-1", "turn-key-1"]);
});

test("every generated secret holds at least 32 bytes", async () => {
  const { ofType } = await deploy(() => new Keys("keys", {}));
  const lengths = ofType(PASSWORD).map((it) => [it.name, plain(it.inputs["length"])]);
  expect(Object.fromEntries(lengths)).toEqual({
    "room-key-1-secret": 43,
    "turn-key-1-secret": 43,
    "api-jwt-secret": 43,
    "user-id-key": 43,
  });
});

test("every file is a secret", async () => {
  const { result } = await deploy(() => new Keys("keys", {}));
  for (const file of Object.values(result.files)) expect(await pulumi.isSecret(file)).toBe(true);
});

test("LiveKit's key file holds both keys, the API's files one each", async () => {
  const { result } = await deploy(() => new Keys("keys", {}));
  expect(await valueOf(result.files.livekitKeys)).toBe(`APIabcdefghijkl: ${"s".repeat(43)}\n`);
  expect(JSON.parse(await valueOf(result.files.turnKey))).toEqual({
    key: "APIabcdefghijkl",
    secret: "s".repeat(43),
  });
});

test("a secret of the settings takes the place of the generated one", async () => {
  const { result, ofType } = await deploy(() => new Keys("keys", { apiJwtSecret: "o".repeat(40) }));
  expect(ofType(PASSWORD).map((it) => it.name)).not.toContain("api-jwt-secret");
  expect(await valueOf(result.apiJwtSecret)).toBe("o".repeat(40));
  expect(await pulumi.isSecret(result.apiJwtSecret)).toBe(true);
});
