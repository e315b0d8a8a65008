import { verifyApiToken } from "../../turn/apiToken.ts";

/** The user of a request, as the API would tell; undefined when it has no valid token. */
export async function signedInUser(
  secret: string,
  init: { readonly headers?: Record<string, string> } | undefined,
): Promise<string | undefined> {
  const [, token = ""] = new Headers(init?.headers).get("authorization")?.split(" ") ?? [];
  return verifyApiToken(secret, token, new Date()).catch(() => undefined);
}
