import { verifyVerifierToken } from "../../turn/apiToken.ts";

/** Verify, as the API would tell its user; undefined when the request has no valid token of verify's. */
export async function signedInUser(
  verifierKey: string,
  init: { readonly headers?: Record<string, string> } | undefined,
): Promise<string | undefined> {
  const [, token = ""] = new Headers(init?.headers).get("authorization")?.split(" ") ?? [];
  return verifyVerifierToken(verifierKey, token, new Date()).catch(() => undefined);
}
