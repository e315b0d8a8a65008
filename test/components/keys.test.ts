import { describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { Keys } from "../../components/keys.ts";
import { deploy, drawn, plain, valueOf } from "../support/engine.ts";

const PASSWORD = "random:index/randomPassword:RandomPassword";

const deployKeys = (generation = 1) => deploy(() => new Keys("keys", { generation }));

/** A key as the fake engine draws it. */
const pair = (name: string) => ({
  key: `API${drawn(`${name}-id`, 12)}`,
  secret: drawn(`${name}-secret`, 43),
});

const keyFile = (names: readonly string[]) =>
  Object.fromEntries(names.map(pair).map(({ key, secret }) => [key, secret]));

test("every generated secret holds at least 32 bytes", async () => {
  const { ofType } = await deployKeys();
  const lengths = ofType(PASSWORD).map((it) => [it.name, plain(it.inputs["length"])]);
  expect(Object.fromEntries(lengths)).toEqual({
    "room-key-1-secret": 43,
    "turn-key-1-secret": 43,
    "api-jwt-secret": 43,
    "user-id-key": 43,
  });
});

test("every file is a secret", async () => {
  const { result } = await deployKeys();
  for (const file of Object.values(result.files)) expect(await pulumi.isSecret(file)).toBe(true);
});

describe("rooms and TURN have keys of their own, named with their generation, and the one before stays", () => {
  test.each([
    [1, ["room-key-1", "turn-key-1"]],
    [2, ["room-key-2", "turn-key-2", "room-key-1", "turn-key-1"]],
    [3, ["room-key-3", "turn-key-3", "room-key-2", "turn-key-2"]],
  ])("generation %i", async (generation, names) => {
    const { result, ofType } = await deployKeys(generation);
    expect(ofType("turnkey:index:ApiKey").map((it) => it.name)).toEqual(names);
    expect(parse(await valueOf(result.files.livekitKeys))).toEqual(keyFile(names));
  });
});

test("the API gets the current keys, and the stack's outputs are those", async () => {
  const { result } = await deployKeys(3);
  for (const [file, key, name] of [
    [result.files.roomKey, result.room, "room-key-3"],
    [result.files.turnKey, result.turn, "turn-key-3"],
  ] as const) {
    expect(JSON.parse(await valueOf(file))).toEqual(pair(name));
    expect({ key: await valueOf(key.key), secret: await valueOf(key.secret) }).toEqual(pair(name));
  }
});

test("a rotation leaves the secrets that are no keys of LiveKit as they are", async () => {
  const [first, second] = [await deployKeys(1), await deployKeys(2)];
  for (const name of ["apiJwtSecret", "userIdKey"] as const)
    expect(await valueOf(second.result.files[name])).toBe(await valueOf(first.result.files[name]));
});

test("a secret of the settings takes the place of the generated one", async () => {
  const { result, ofType } = await deploy(
    () => new Keys("keys", { generation: 1, apiJwtSecret: "o".repeat(40) }),
  );
  expect(ofType(PASSWORD).map((it) => it.name)).not.toContain("api-jwt-secret");
  expect(await valueOf(result.apiJwtSecret)).toBe("o".repeat(40));
  expect(await pulumi.isSecret(result.apiJwtSecret)).toBe(true);
});
