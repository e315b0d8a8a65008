import { describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { Keys, type KeysArgs } from "../../components/keys.ts";
import { IceSources } from "../../turn/iceSources.ts";
import { SignInSettings } from "../../turn/signInSettings.ts";
import { deploy, drawn, plain, valueOf } from "../support/engine.ts";

const PASSWORD = "random:index/randomPassword:RandomPassword";

const jwt = SignInSettings.parse({ kind: "jwt" });
const iceSources = IceSources.parse([{ kind: "livekit" }]);

const deployKeys = (generations: KeysArgs["generations"] = [1], changed: Partial<KeysArgs> = {}) =>
  deploy(() => new Keys("keys", { generations, signIn: jwt, iceSources, ...changed }));

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
    "verifier-key": 43,
    "user-id-key": 43,
  });
});

test("every file is a secret", async () => {
  const { result } = await deployKeys();
  for (const file of Object.values(result.files)) expect(await pulumi.isSecret(file)).toBe(true);
});

describe("rooms and TURN have keys of their own, of every generation that is valid", () => {
  test.each<[KeysArgs["generations"], string[]]>([
    [[1], ["room-key-1", "turn-key-1"]],
    [
      [2, 1],
      ["room-key-2", "turn-key-2", "room-key-1", "turn-key-1"],
    ],
    [
      [3, 2],
      ["room-key-3", "turn-key-3", "room-key-2", "turn-key-2"],
    ],
    [[3], ["room-key-3", "turn-key-3"]],
  ])("generations %j", async (generations, names) => {
    const { result, ofType } = await deployKeys(generations);
    expect(ofType("turnkey:index:ApiKey").map((it) => it.name)).toEqual(names);
    expect(parse(await valueOf(result.files.livekitKeys))).toEqual(keyFile(names));
  });
});

test("the API gets the current keys, and the stack's outputs are those", async () => {
  const { result } = await deployKeys([3, 2]);
  for (const [file, key, name] of [
    [result.files.roomKey, result.room, "room-key-3"],
    [result.files.turnKey, result.turn, "turn-key-3"],
  ] as const) {
    expect(JSON.parse(await valueOf(file))).toEqual(pair(name));
    expect({ key: await valueOf(key.key), secret: await valueOf(key.secret) }).toEqual(pair(name));
  }
});

test("a rotation leaves the secrets that are no keys of LiveKit as they are", async () => {
  const [first, second] = [await deployKeys([1]), await deployKeys([2, 1])];
  for (const name of ["signIn", "verifierKey", "userIdKey"] as const)
    expect(await valueOf(second.result.files[name])).toBe(await valueOf(first.result.files[name]));
});

test("the sign-in with a shared secret gets a generated one", async () => {
  const { result } = await deployKeys();
  const secret = drawn("api-jwt-secret", 43);
  expect(JSON.parse(await valueOf(result.files.signIn))).toEqual({ ...jwt, secret });
  expect(await valueOf(pulumi.output(result.apiJwtSecret))).toBe(secret);
});

test("a secret of the settings takes the place of the generated one", async () => {
  const secret = "o".repeat(40);
  const { result, ofType } = await deployKeys([1], {
    signIn: SignInSettings.parse({ kind: "jwt", secret }),
  });
  expect(ofType(PASSWORD).map((it) => it.name)).not.toContain("api-jwt-secret");
  expect(JSON.parse(await valueOf(result.files.signIn))).toEqual({ ...jwt, secret });
  const output = pulumi.output(result.apiJwtSecret);
  expect(await valueOf(output)).toBe(secret);
  expect(await pulumi.isSecret(output)).toBe(true);
});

test("a sign-in of the application's own has no secret for tokens, and verify has its key all the same", async () => {
  const signIn = SignInSettings.parse({ kind: "forward", url: "http://127.0.0.1:3000/me" });
  const { result, ofType } = await deployKeys([1], { signIn });
  expect(ofType(PASSWORD).map((it) => it.name)).not.toContain("api-jwt-secret");
  expect(result.apiJwtSecret).toBeUndefined();
  expect(JSON.parse(await valueOf(result.files.signIn))).toEqual(signIn);
  expect(await valueOf(result.files.verifierKey)).toBe(drawn("verifier-key", 43));
});

test("the sources of ICE servers reach the API as they are set", async () => {
  const sources = IceSources.parse([
    { kind: "livekit" },
    { kind: "shared-secret", urls: ["turn:turn.example.org"], secret: "s".repeat(20) },
  ]);
  const { result } = await deployKeys([1], { iceSources: sources });
  expect(JSON.parse(await valueOf(result.files.iceSources))).toEqual(sources);
});
