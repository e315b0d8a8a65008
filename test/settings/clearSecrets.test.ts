import { describe, expect, test } from "@jest/globals";
import { requireEncrypted } from "../../settings/clearSecrets.ts";

const check = (values: Readonly<Record<string, unknown>>, encrypted: readonly string[] = []) =>
  requireEncrypted(values, (key) => encrypted.includes(key));

describe("a secret in the clear is told by its key, and its value is not", () => {
  test.each([
    [{ api: { signIn: { kind: "jwt", secret: "canary" } } }, "api.signIn.secret"],
    [{ api: { signIn: { kind: "cookie", secrets: ["canary"] } } }, "api.signIn.secrets"],
    [
      { api: { iceSources: [{ kind: "twilio", apiToken: "canary" }] } },
      "api.iceSources[0].apiToken",
    ],
  ])("%#", (values, key) => {
    expect(() => check(values)).toThrow(`  ${key}: given a secret in the clear`);
    expect(() => check(values)).not.toThrow("canary");
  });

  test("all are told together", () => {
    expect(() =>
      check({
        api: { signIn: { secret: "canary" }, iceSources: [{ secretKey: "canary" }] },
      }),
    ).toThrow(/^2 settings are wrong\n/);
  });
});

test.each([
  [{ api: { signIn: { kind: "jwt", secret: "canary" } } }, ["api"]],
  [{ api: { signIn: { kind: "jwks", url: "https://id.example.com/jwks" } } }, []],
  [{ turn: { domain: "turn.example.com" } }, []],
])("what is encrypted, or no secret, passes: %j", (values, encrypted) => {
  expect(() => check(values, encrypted)).not.toThrow();
});
