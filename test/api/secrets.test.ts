import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSecrets } from "../../api/secrets.ts";
import type { ApiEnv } from "../../turn/apiEnv.ts";
import { IceSources } from "../../turn/iceSources.ts";
import { SignInSettings } from "../../turn/signInSettings.ts";
import { secrets } from "../support/api.ts";
import { sampleEnv } from "../support/apiEnv.ts";

const signIn = SignInSettings.parse({ kind: "jwt", secret: secrets.apiJwtSecret });
const iceSources = IceSources.parse([{ kind: "livekit" }]);

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "turnkey-secrets-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes the files and returns the environment that names them. */
function envWith(files: Partial<Record<string, string>>): ApiEnv {
  const file = (name: string, content: string) => {
    const path = join(folder, name);
    writeFileSync(path, files[name] ?? content);
    return path;
  };
  return {
    ...sampleEnv,
    ROOM_KEY_FILE: file("room-key", JSON.stringify(secrets.roomKey)),
    TURN_KEY_FILE: file("turn-key", JSON.stringify(secrets.turnKey)),
    SIGN_IN_FILE: file("sign-in", JSON.stringify(signIn)),
    ICE_SOURCES_FILE: file("ice-sources", JSON.stringify(iceSources)),
    VERIFIER_KEY_FILE: file("verifier-key", "canary-verifier-key-0123456789abcdef\n"),
    USER_ID_KEY_FILE: file("user-id-key", `${secrets.userIdKey}\n`),
  };
}

test("the files' contents are the secrets, without the line end an editor leaves", () => {
  const { apiJwtSecret: _secret, ...keys } = secrets;
  expect(readSecrets(envWith({}))).toEqual({
    ...keys,
    signIn,
    iceSources,
    verifierKey: "canary-verifier-key-0123456789abcdef",
  });
});

test("every file that is missing or unfit is named at once, with what is wanted", () => {
  const env = {
    ...envWith({ "verifier-key": "canary", "turn-key": '{"key":"T","secret":"canary"}' }),
    ROOM_KEY_FILE: join(folder, "absent"),
  };
  expect(() => readSecrets(env)).toThrow(
    [
      "secrets are missing - put the files there and start again",
      `  ROOM_KEY_FILE is ${folder}/absent: cannot be read (ENOENT); wanted JSON {"key", "secret"} with a secret of at least 32 characters`,
      `  TURN_KEY_FILE is ${folder}/turn-key: secret: Too small: expected string to have >=32 characters; wanted JSON {"key", "secret"} with a secret of at least 32 characters`,
      `  VERIFIER_KEY_FILE is ${folder}/verifier-key: Too small: expected string to have >=32 characters; wanted a text of at least 32 characters`,
    ].join("\n"),
  );
});

test.each([
  { file: "room-key", content: "canary, not JSON" },
  { file: "room-key", content: '{"key":"R","secret":"canary"}' },
  { file: "turn-key", content: '["canary"]' },
  { file: "user-id-key", content: "canary" },
  { file: "sign-in", content: '{"kind":"jwt","secret":"canary"}' },
  { file: "ice-sources", content: '[{"kind":"xirsys","secret":"canary"}]' },
])("what is wrong with $content in $file is told without telling it", ({ file, content }) => {
  const read = () => readSecrets(envWith({ [file]: content }));
  expect(read).toThrow(file);
  expect(read).not.toThrow("canary");
});
