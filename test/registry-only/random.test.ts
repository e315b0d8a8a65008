import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { ProviderSpec } from "../../registry-only/provider/service.ts";
import { randomKinds } from "../../registry-only/random/kinds.ts";
import { objectAt, recorded, secret, shapeOf } from "../support/recording.ts";
import type { Row } from "../support/recording.ts";
import { replay } from "../support/replay.ts";
import type { Replay } from "../support/replay.ts";

let draws = 0;
const spec: ProviderSpec = {
  name: "random",
  version: "4.21.2",
  bridge: "framework",
  kinds: randomKinds((limit) => draws++ % limit),
};

let provider: Replay;
beforeAll(async () => {
  provider = await replay(spec);
});
afterAll(() => provider.close());

const rows = recorded("random");
const isReal = (row: Row) => row.method === "Create" && row.request["preview"] !== true;

describe("the stand-in for random answers as the official plugin did", () => {
  test.each(rows.filter((row) => !isReal(row)))("$method in $run, row $index", async (row) => {
    expect(await provider.call(row.method, row.request)).toEqual(row.response);
  });

  test.each(rows.filter(isReal))("$method in $run, row $index, but for bcryptHash", async (row) => {
    const { id, properties } = await provider.call(row.method, row.request);
    const official = objectAt(row.response, "properties");
    expect(id).toBe(row.response["id"]);
    expect(shapeOf(properties ?? null)).toEqual(shapeOf({ ...official, bcryptHash: null }));
  });
});

test("the plugin reports the version it was built for", async () => {
  expect(await provider.call("GetPluginInfo", {})).toEqual({ version: "4.21.2" });
});

const string = "random:index/randomString:RandomString";

test("a random string is its own id, of the length and the letters asked for", async () => {
  const properties = { length: 30, special: false, upper: false, lower: false };
  const made = await provider.call("Create", { type: string, properties });
  expect(made["id"]).toMatch(/^\d{30}$/);
  expect(made["properties"]).toMatchObject({ result: made["id"], numeric: true, number: true });
});

test("a password is answered only as a secret", async () => {
  const type = "random:index/randomPassword:RandomPassword";
  const made = await provider.call("Create", { type, properties: { length: 8 } });
  const { result } = objectAt(made, "properties");
  expect(result).toEqual(secret(expect.stringMatching(/^.{8}$/)));
});

test("a text is drawn anew when what it is kept for changes, and only then", async () => {
  const inputs = { length: 6, keepers: { content: "a" } };
  const made = await provider.call("Create", { type: string, properties: inputs });
  const state = { type: string, id: made["id"] ?? null, olds: made["properties"] ?? null };
  const same = await provider.call("Diff", { ...state, news: inputs });
  const other = await provider.call("Diff", {
    ...state,
    news: { ...inputs, keepers: { content: "b" } },
  });
  expect([same["replaces"], other["replaces"]]).toEqual([undefined, ["keepers"]]);
});

describe("what the stand-in does not know is refused by name", () => {
  test.each([
    [{ length: 4, minLower: 1 }, "minLower", /stand-in for random does not know input minLower/],
    [{ special: false }, "length", /is required by RandomString and not given/],
    [{ length: "4" }, "length", /is a string; wanted an integer/],
    [{ length: 0 }, "length", /is 0; wanted at least 1/],
    [
      { length: 4, lower: false, upper: false, numeric: false, special: false },
      "lower",
      /no letters are left/,
    ],
  ])("inputs %j: %s", async (news, property, reason) => {
    const { failures } = await provider.call("Check", { type: string, news });
    expect(failures).toEqual([{ property, reason: expect.stringMatching(reason) }]);
  });

  test("a kind", async () => {
    const type = "random:index/randomPet:RandomPet";
    await expect(provider.call("Check", { type, news: {} })).rejects.toThrow(
      /stand-in for random does not know resource kind random:index\/randomPet:RandomPet; it knows/,
    );
  });

  test("a function", async () => {
    await expect(provider.call("Invoke", { tok: "random:index:f" })).rejects.toThrow(
      /stand-in for random does not know function random:index:f/,
    );
  });

  test("provider configuration", async () => {
    const { failures } = await provider.call("CheckConfig", { news: { version: "1", seed: "x" } });
    expect(failures).toEqual([
      {
        property: "seed",
        reason: expect.stringMatching(/does not know input seed of the random provider/),
      },
    ]);
  });

  test("an import", async () => {
    await expect(provider.call("Read", { type: string, id: "abc" })).rejects.toThrow(
      /reads only what a stack made/,
    );
  });
});
