/** The API's secrets: files that the environment names, read once at start. */
import { readFileSync } from "node:fs";
import * as z from "zod";
import type { ApiEnv } from "../turn/apiEnv.ts";
import { IceSources } from "../turn/iceSources.ts";
import { ApiKeyPair } from "../turn/outputs.ts";
import { SignInSettings } from "../turn/signInSettings.ts";

/** What the secret files hold. */
export interface ApiSecrets {
  readonly roomKey: ApiKeyPair;
  readonly turnKey: ApiKeyPair;
  readonly signIn: SignInSettings;
  readonly iceSources: IceSources;
  readonly verifierKey: string;
  readonly userIdKey: string;
}

/** RFC 7518 section 3.2: a key of HS256 has at least 256 bits. */
const Secret = z
  .string()
  .transform((text) => text.trim())
  .pipe(z.string().min(32));
const Json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // JSON.parse quotes the text it could not read, and the text is a secret.
    context.addIssue({ code: "custom", message: "not JSON" });
    return z.NEVER;
  }
});
const KeyPair = Json.pipe(ApiKeyPair);

const SECRET = "a text of at least 32 characters";
const SETTINGS = "JSON of the setting";
const KEY_PAIR = 'JSON {"key", "secret"} with a secret of at least 32 characters';

/** The variables of the environment that name a file with a secret. */
type SecretFile =
  | "ROOM_KEY_FILE"
  | "TURN_KEY_FILE"
  | "SIGN_IN_FILE"
  | "ICE_SOURCES_FILE"
  | "VERIFIER_KEY_FILE"
  | "USER_ID_KEY_FILE";

/** Reads all secret files, or throws one error that names every file that is missing or unfit. */
export function readSecrets(env: ApiEnv): ApiSecrets {
  const problems: string[] = [];
  const read = <T>(key: SecretFile, schema: z.ZodType<T>, wanted: string): T | undefined => {
    const problem = (what: string) => {
      problems.push(`${key} is ${env[key]}: ${what}; wanted ${wanted}`);
      return undefined;
    };
    let text: string;
    try {
      text = readFileSync(env[key], "utf8");
    } catch (error) {
      const isCoded = typeof error === "object" && error !== null && "code" in error;
      return problem(`cannot be read (${String(isCoded ? error.code : error)})`);
    }
    const parsed = schema.safeParse(text);
    return parsed.success
      ? parsed.data
      : problem(
          parsed.error.issues.map(({ path, message }) => [...path, message].join(": ")).join(", "),
        );
  };

  const roomKey = read("ROOM_KEY_FILE", KeyPair, KEY_PAIR);
  const turnKey = read("TURN_KEY_FILE", KeyPair, KEY_PAIR);
  const signIn = read("SIGN_IN_FILE", Json.pipe(SignInSettings), `${SETTINGS} api.signIn`);
  const iceSources = read("ICE_SOURCES_FILE", Json.pipe(IceSources), `${SETTINGS} api.iceSources`);
  const verifierKey = read("VERIFIER_KEY_FILE", Secret, SECRET);
  const userIdKey = read("USER_ID_KEY_FILE", Secret, SECRET);
  if (!roomKey || !turnKey || !signIn || !iceSources || !verifierKey || !userIdKey)
    throw new Error(
      `secrets are missing - put the files there and start again\n  ${problems.join("\n  ")}`,
    );
  return { roomKey, turnKey, signIn, iceSources, verifierKey, userIdKey };
}
